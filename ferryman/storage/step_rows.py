"""Step rows: what is recorded of steps, for whoever may not see what is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.step import StepExecution, StepStatus
from ferryman.storage import tables

_SEALED = {"config", "output", "pins"}
_CUT_OFF = "it was cut off before it could end"
_IN_MID_ACT = "it was stopped while it acted; whether that was done, a retry finds out"


async def executions(
    connection: AsyncConnection, project: str, promotions: Sequence[str]
) -> dict[str, list[StepExecution]]:
    """What is recorded of each Promotion's steps in its newest run, in order, unsealed parts."""
    if not promotions:
        return {}
    columns, of = tables.step.c, tables.promotion.c
    newest = (
        (of.project == columns.project) & (of.name == columns.promotion) & (of.run == columns.run)
    )
    query = select(*(c for c in columns if c.name not in _SEALED)).where(
        columns.project == project, columns.promotion.in_(promotions)
    )
    query = query.join(tables.promotion, newest)
    grouped: dict[str, list[StepExecution]] = {}
    for row in sorted(await connection.execute(query), key=in_order):
        grouped.setdefault(row.promotion, []).append(execution(row))
    return grouped


def in_order(row: Row[Any]) -> tuple[int, tuple[int, ...]]:
    """What puts rows in the order of the document; SQL would put 10 before 2."""
    return row.run, tuple(map(int, row.place.split(".")))


async def close_open(
    connection: AsyncConnection, project: str, promotion: str, status: StepStatus, now: datetime
) -> None:
    """End what still runs, as Aborted or Errored, and fence off whoever runs it."""
    columns = tables.step.c
    otherwise = columns.message if status is StepStatus.ABORTED else literal(_CUT_OFF)
    await connection.execute(
        update(tables.step)
        .where(columns.project == project, columns.promotion == promotion)
        .where(columns.status == StepStatus.RUNNING)
        .values(
            status=status,
            finished_at=now,
            attempt=columns.attempt + 1,
            message=case((columns.acting.is_(True), _IN_MID_ACT), else_=otherwise),
            resting=False,
            acting=False,
        )
    )


async def carry_over(
    connection: AsyncConnection,
    project: str,
    promotion: str,
    run: int,
    paths: Sequence[str],
) -> None:
    """Give a run the results that the one before it had of these steps."""
    if not paths:
        return
    columns = tables.step.c
    instead = {
        "run": literal(run),
        "made_in": func.coalesce(columns.made_in, columns.run),
        "executions": literal(0),
    }
    names = [column.name for column in columns]
    chosen = select(*(instead.get(name, columns[name]).label(name) for name in names)).where(
        columns.project == project,
        columns.promotion == promotion,
        columns.run == run - 1,
        columns.path.in_(paths),
    )
    await connection.execute(insert(tables.step).from_select(names, chosen))


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
            **blank(place=step.place, alias=step.alias, uses=step.uses),
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
        place=row.place,
        alias=row.alias,
        uses=row.uses,
        run=row.made_in or row.run,
        status=row.status,
        message=row.message,
        attempt=row.attempt,
        error_count=row.error_count,
        continue_on_error=row.continue_on_error,
        started_at=row.started_at,
        finished_at=row.finished_at,
        worker=row.worker,
        resting=bool(row.resting),
        keys=row.keys,
    )


def blank(*, place: str, alias: str, uses: str) -> dict[str, Any]:
    """A row of a step that has not run."""
    return {
        "place": place,
        "alias": alias,
        "uses": uses,
        "message": "",
        "attempt": 0,
        "error_count": 0,
        "executions": 0,
        "worker": "",
        "tree": "",
    }
