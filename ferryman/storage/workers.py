"""Workers: who is there, and which steps they offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.upsert import upsert


class Workers:
    """The step catalogues that workers publish when they start."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def publish(
        self, worker: str, queue: str, steps: Sequence[dict[str, Any]], *, now: datetime
    ) -> None:
        """Say that `worker` is there and what it can do."""
        values = {"queue": queue, "steps": list(steps), "seen_at": now}
        async with self._database.write() as connection:
            await upsert(connection, tables.worker, {"id": worker}, values)

    async def catalogue(self) -> dict[str, dict[str, Any]]:
        """Every step kind that any worker offers, by kind; the newest word counts."""
        query = select(tables.worker).order_by(tables.worker.c.seen_at)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {step["kind"]: step for row in rows for step in row.steps}
