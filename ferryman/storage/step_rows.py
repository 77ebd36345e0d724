"""Step rows: what is recorded of steps, for whoever may not see what is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.step import StepExecution, StepStatus
from ferryman.storage import tables

_SEALED = {"config", "output", "log", "pins"}
_CLOSED = {StepStatus.ABORTED: "", StepStatus.ERRORED: "it was cut off before it could end"}


async def executions(
    connection: AsyncConnection, project: str, promotions: Sequence[str]
) -> dict[str, list[StepExecution]]:
    """What is recorded of each Promotion's steps, in order, without what is sealed."""
    if not promotions:
        return {}
    columns = tables.step.c
    query = select(*(c for c in columns if c.name not in _SEALED)).where(
        columns.project == project, columns.promotion.in_(promotions)
    )
    grouped: dict[str, list[StepExecution]] = {}
    for row in await connection.execute(query.order_by(columns.run, columns.position)):
        grouped.setdefault(row.promotion, []).append(execution(row))
    return grouped


async def close_open(
    connection: AsyncConnection, project: str, promotion: str, status: StepStatus, now: datetime
) -> None:
    """End what still runs, as Aborted or Errored, and fence off whoever runs it."""
    columns = tables.step.c
    said = {"message": _CLOSED[status]} if _CLOSED[status] else {}
    await connection.execute(
        update(tables.step)
        .where(columns.project == project, columns.promotion == promotion)
        .where(columns.status == StepStatus.RUNNING)
        .values(status=status, finished_at=now, attempt=columns.attempt + 1, **said)
    )


async def add(
    connection: AsyncConnection,
    project: str,
    promotion: str,
    run: int,
    steps: Sequence[StepExecution],
) -> None:
    """Record what became of steps that nobody ran."""
    rows = [
        {
            "project": project,
            "promotion": promotion,
            "run": run,
            **blank(position=int(step.path) - 1, alias=step.alias, uses=step.uses),
            "path": step.path,
            "status": step.status,
            "message": step.message,
            "continue_on_error": step.continue_on_error,
        }
        for step in steps
    ]
    if rows:
        await connection.execute(insert(tables.step), rows)


def execution(row: Row[Any]) -> StepExecution:
    """What people may see of a row."""
    return StepExecution(
        path=row.path,
        alias=row.alias,
        uses=row.uses,
        status=row.status,
        message=row.message,
        attempt=row.attempt,
        error_count=row.error_count,
        continue_on_error=row.continue_on_error,
        started_at=row.started_at,
        finished_at=row.finished_at,
        worker=row.worker,
    )


def blank(*, position: int, alias: str, uses: str) -> dict[str, Any]:
    """A row of a step that has not run."""
    return {
        "position": position,
        "alias": alias,
        "uses": uses,
        "message": "",
        "attempt": 0,
        "error_count": 0,
        "executions": 0,
        "worker": "",
        "tree": "",
    }
