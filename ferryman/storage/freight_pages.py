"""Freight pages: the newest of perhaps thousands, and on from there into the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.eligibility import availability
from ferryman.domain.freight import Freight
from ferryman.domain.stage import RequestedFreight, Stage
from ferryman.storage import freight_rows, tables
from ferryman.storage.candidates import may_enter

_columns = tables.freight.c


class Position(NamedTuple):
    """Where a Freight stands among others: by discovery, then by name."""

    discovered_at: datetime
    name: str

    @classmethod
    def of(cls, freight: Freight) -> Position:
        """Where that one stands; raises ValueError for one that was never stored."""
        if freight.discovered_at is None:
            raise ValueError(f"freight {freight.name} was never stored")
        return cls(freight.discovered_at, freight.name)


@dataclass(frozen=True)
class Wanted:
    """Which Freight."""

    project: str
    origins: Sequence[str] = ()
    """`Warehouse/<name>`; none: of all."""
    stage: Stage | None = None
    """Only what may enter this Stage now."""
    before: Position | None = None
    """Only what is older than this."""
    since: Position | None = None
    """Only this and what is newer."""
    limit: int | None = None


@dataclass(frozen=True)
class Page:
    """Freight, newest first, and whether there is older."""

    items: Sequence[Freight]
    has_more: bool = False


async def read(connection: AsyncConnection, wanted: Wanted, now: datetime) -> Page:
    """Read a page: two statements, more where SQL lets much through that the rule keeps out."""
    found: list[Freight] = []
    while True:
        batch = await freight_rows.read(connection, wanted.project, _query(wanted))
        found.extend(f for f in batch if not wanted.stage or not availability(f, wanted.stage, now))
        if wanted.limit is None or len(batch) <= wanted.limit or len(found) > wanted.limit:
            break
        wanted = replace(wanted, before=Position.of(batch[-1]))
    return Page(found[: wanted.limit], has_more=len(found) > (wanted.limit or len(found)))


def _query(wanted: Wanted) -> Select[Any]:
    """One more than wanted, to see whether there is more."""
    query = select(tables.freight).where(_columns.project == wanted.project)
    if wanted.origins:
        query = query.where(_columns.origin.in_(wanted.origins))
    if stage := wanted.stage:
        requests = stage.spec.requested_freight
        query = query.where(or_(*(_may_come(stage, request) for request in requests)))
    if wanted.before:
        query = query.where(_older(wanted.before))
    if wanted.since:
        query = query.where(~_older(wanted.since))
    newest_first = query.order_by(_columns.discovered_at.desc(), _columns.name.desc())
    return newest_first if wanted.limit is None else newest_first.limit(wanted.limit + 1)


def _may_come(stage: Stage, request: RequestedFreight) -> ColumnElement[bool]:
    return and_(_columns.origin == str(request.origin), may_enter(stage, request))


def _older(position: Position) -> ColumnElement[bool]:
    at, name = position
    return and_(
        _columns.discovered_at <= at, or_(_columns.discovered_at < at, _columns.name < name)
    )
