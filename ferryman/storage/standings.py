"""Standings: where a Freight is, was found good, and may go; one row for each Stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.storage import tables
from ferryman.storage.upsert import insert_into, upsert

_KEY = ("project", "stage", "freight")


async def mark(
    connection: AsyncConnection, project: str, stage: str, freight: str, **values: Any
) -> None:
    """Set columns of a Freight's standing in a Stage."""
    key = {"project": project, "stage": stage, "freight": freight}
    await upsert(connection, tables.freight_stage, key, values)


async def verified(
    connection: AsyncConnection, project: str, stage: str, freight: Sequence[str], now: datetime
) -> None:
    """A Stage found Freight good; what it had found before keeps its time (Kargo §14.39b)."""
    await _begin(connection, project, stage, freight, verified_at=now)


async def moved_in(
    connection: AsyncConnection, project: str, stage: str, freight: Sequence[str], now: datetime
) -> None:
    """Freight entered a Stage; a stay that goes on keeps its beginning."""
    await _begin(connection, project, stage, freight, since=now)


async def moved_out(
    connection: AsyncConnection, project: str, stage: str, freight: Sequence[str], now: datetime
) -> None:
    """Freight left a Stage; its longest stay is kept for soak times if it was found good there."""
    columns = tables.freight_stage.c
    here = (columns.project == project, columns.stage == stage, columns.since.is_not(None))
    query = select(tables.freight_stage).where(*here, columns.freight.in_(freight))
    for row in (await connection.execute(query)).all():
        stay = max(row.longest_soak_seconds, (now - row.since).total_seconds())
        await connection.execute(
            update(tables.freight_stage)
            .where(*here, columns.freight == row.freight)
            .values(since=None, longest_soak_seconds=stay if row.verified_at else 0.0)
        )


async def _begin(
    connection: AsyncConnection,
    project: str,
    stage: str,
    freight: Sequence[str],
    **times: datetime,
) -> None:
    """Set times where there are none yet: one statement, and none for no Freight."""
    if not freight:
        return
    insert = insert_into(connection, tables.freight_stage)
    columns = tables.freight_stage.c
    first = {name: func.coalesce(columns[name], insert.excluded[name]) for name in times}
    statement = insert.on_conflict_do_update(index_elements=_KEY, set_=first)
    rows = [{"project": project, "stage": stage, "freight": f, **times} for f in freight]
    await connection.execute(statement, rows)
