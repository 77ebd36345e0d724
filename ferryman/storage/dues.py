"""Dues: which Promotions have something to do or to hear that they may not know of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Exists, Row, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.errors import NotFoundError
from ferryman.domain.lane import TURN
from ferryman.domain.promotion import Phase, Unmet
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepStatus
from ferryman.storage import promotion_rows, tables
from ferryman.storage.admissions import Admissions
from ferryman.storage.database import Database
from ferryman.storage.views import Views

_APART = timedelta(minutes=1)
"""By which clocks may differ, or a commit come after its time: better woken once too often."""
_DURING_STEPS = ("abort", "skip", "override")
"""The decisions that concern a Promotion whose steps run."""


State = Literal["due", "asleep", "working", "gone"]
"""Of a Promotion: it would do something or show something else; it waits; a step of it runs; it
has ended."""


class Dues:
    """Compares what is so with what a Promotion saw when it looked last; changes nothing."""

    def __init__(self, database: Database, views: Views) -> None:
        self._database = database
        self._views = views
        self._admissions = Admissions(views)

    async def state(
        self, project: str, name: str, *, now: datetime, secrets_of: Collection[str]
    ) -> State:
        """How a Promotion is; its steps may wait for Secrets of the Projects `secrets_of`."""
        async with self._database.read() as connection:
            try:
                row = await promotion_rows.load(connection, project, name)
            except NotFoundError:
                return "gone"
            phase = Phase(row.phase)
            if phase.terminal:
                return "gone"
            if row.abort_requested:
                return "due"
            if phase is Phase.PENDING:
                return "due" if await self._at_gate(connection, row, now) else "asleep"
            if await _at_steps(connection, row, secrets_of):
                return "due"
            return "asleep" if await _rests(connection, row) else "working"

    async def _at_gate(self, connection: AsyncConnection, row: Row[Any], now: datetime) -> bool:
        try:
            stage = await self._views.resources.load(connection, Stage, row.project, row.stage)
            holder = await _holder(connection, row)
            entry = await self._admissions.judge(connection, stage, row, holder, now)
        except NotFoundError:  # it must end: its Stage or its Freight is gone
            return True
        noted = [Unmet.load(unmet) for unmet in row.waiting]
        return entry.state != "waiting" or _told(entry.unmet) != _told(noted)


def _told(unmet: Iterable[Unmet]) -> set[tuple[str, str]]:
    """What people are told; not whose turn it is, which changes with each Promotion."""
    return {(u.reason, "" if u.reason == TURN else u.message) for u in unmet}


async def _holder(connection: AsyncConnection, row: Row[Any]) -> str:
    columns = tables.turn.c
    query = select(columns.promotion).where(
        columns.project == row.project, columns.stage == row.stage
    )
    return (await connection.execute(query)).scalar() or ""


async def _at_steps(
    connection: AsyncConnection, row: Row[Any], secrets_of: Collection[str]
) -> bool:
    """Was something said of its steps, or a Secret changed that one may wait for?"""
    since = row.touched_at - _APART
    said, happened = tables.decision.c, tables.event.c
    decided = exists().where(
        said.project == row.project,
        said.promotion == row.name,
        said.verdict.in_(_DURING_STEPS),
        said.at > since,
    )
    changed = exists().where(
        happened.project.in_(secrets_of), happened.kind == "Secret", happened.at > since
    )
    news = [decided, changed] if row.waiting else [decided]
    return any([await _is_so(connection, each) for each in news])


async def _rests(connection: AsyncConnection, row: Row[Any]) -> bool:
    """Does a step of it look again later?"""
    columns = tables.step.c
    resting = exists().where(
        columns.project == row.project,
        columns.promotion == row.name,
        columns.run == row.run,
        columns.status == StepStatus.RUNNING,
        columns.resting.is_(True),
    )
    return await _is_so(connection, resting)


async def _is_so(connection: AsyncConnection, condition: Exists) -> bool:
    return bool((await connection.execute(select(condition))).scalar())
