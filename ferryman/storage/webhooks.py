"""Webhooks: the last deliveries that each receiver got, and what they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select

from ferryman.domain.model import Model
from ferryman.storage import tables
from ferryman.storage.database import Database

KEPT = 50
"""Deliveries of each receiver."""
_LONGEST = 128


class DeliveryRecord(Model):
    """One delivery."""

    at: datetime
    delivery: str = ""
    """What the sender calls it."""
    event: str = ""
    status: int
    """What the sender was answered, as HTTP has it."""
    message: str
    woken: int = 0
    """How many Warehouses."""
    repeated: bool = False
    """It had come before; nothing is lost by looking twice."""


class Webhooks:
    """Records deliveries; the newest `KEPT` of each receiver stay."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, project: str, receiver: str, record: DeliveryRecord) -> None:
        """Append one; whether it had come before is found out here."""
        columns = tables.webhook_delivery.c
        of_it = (columns.project == project, columns.receiver == receiver)
        known = _shown(record.delivery)
        values = record.model_dump() | {
            "project": project,
            "receiver": receiver,
            "delivery": known,
            "event": _shown(record.event),
        }
        newest = select(columns.id).where(*of_it).order_by(columns.id.desc())
        async with self._database.write() as connection:
            if known:
                before = select(exists().where(*of_it, columns.delivery == known))
                values["repeated"] = bool((await connection.execute(before)).scalar())
            await connection.execute(insert(tables.webhook_delivery).values(values))
            last = (await connection.execute(newest.offset(KEPT).limit(1))).scalar()
            if last:
                old = delete(tables.webhook_delivery).where(*of_it, columns.id <= last)
                await connection.execute(old)

    async def list(self, project: str, receiver: str) -> Sequence[DeliveryRecord]:
        """What is kept of a receiver, newest first."""
        columns = tables.webhook_delivery.c
        of_it = (columns.project == project, columns.receiver == receiver)
        query = select(tables.webhook_delivery).where(*of_it).order_by(columns.id.desc())
        async with self._database.read() as connection:
            return [_read(row) for row in await connection.execute(query)]


def _shown(text: str) -> str:
    """What a sender wrote, fit to be stored and shown."""
    return "".join(char for char in text if char.isprintable())[:_LONGEST]


def _read(row: Row[Any]) -> DeliveryRecord:
    given = {name: getattr(row, name) for name in DeliveryRecord.model_fields}
    return DeliveryRecord(**given)
