"""Turns: one row per Stage, locked by whoever decides about the Stage.

It is the first lock that any transaction takes: the Promotion's row comes after it, then step
rows, resources, standings. Nobody who holds one of those asks for a turn, so nobody deadlocks.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.freight import Freight
from ferryman.domain.names import promotion_name
from ferryman.domain.stage import Stage
from ferryman.domain.ulids import next_ulid
from ferryman.storage import tables
from ferryman.storage.upsert import insert_if_absent

_NOBODYS = {"promotion": "", "token": 0, "last_ulid": "", "held": {}}


async def lock(connection: AsyncConnection, project: str, stage: str) -> Row[Any]:
    """The Stage's row, held until the transaction ends."""
    columns = tables.turn.c
    query = select(tables.turn).where(columns.project == project, columns.stage == stage)
    found = (await connection.execute(query.with_for_update())).first()
    if found is not None:
        return found
    key = {"project": project, "stage": stage}
    await insert_if_absent(connection, tables.turn, key, _NOBODYS)
    return (await connection.execute(query.with_for_update())).one()


async def give(connection: AsyncConnection, project: str, stage: str, promotion: str) -> None:
    """Give the turn to a Promotion, or to nobody (""); each turn has a new fencing token."""
    token = tables.turn.c.token + (1 if promotion else 0)
    await _change(connection, project, stage, promotion=promotion, token=token)


async def hold(connection: AsyncConnection, project: str, stage: str, held: dict[str, Any]) -> None:
    """Set which origins auto-promotion leaves alone."""
    await _change(connection, project, stage, held=held)


async def next_name(
    connection: AsyncConnection, stage: Stage, freight: Freight, now: datetime
) -> str:
    """A name above the Stage's last, so that names stand in the order of creation."""
    columns = tables.turn.c
    query = select(columns.last_ulid).where(
        columns.project == stage.project, columns.stage == stage.name
    )
    last = (await connection.execute(query)).scalar()
    ulid = next_ulid(now, last or None, secrets.token_bytes(10))
    await _change(connection, stage.project, stage.name, last_ulid=ulid)
    return promotion_name(stage.name, ulid, freight.name)


async def _change(connection: AsyncConnection, project: str, stage: str, **values: Any) -> None:
    columns = tables.turn.c
    await connection.execute(
        update(tables.turn)
        .where(columns.project == project, columns.stage == stage)
        .values(**values)
    )
