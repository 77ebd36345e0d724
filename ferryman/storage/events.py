"""Events: written in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.event import Event
from ferryman.storage import tables
from ferryman.storage.database import Database

_QUIET = timedelta(minutes=10)
"""A warning that was told last is not told again within this time."""


class About(NamedTuple):
    """What an event is about."""

    kind: str
    project: str
    name: str


async def tell(
    connection: AsyncConnection,
    about: About,
    reason: str,
    message: str,
    *,
    actor: Actor,
    now: datetime,
    warning: bool = False,
) -> None:
    """Append an event, in the caller's transaction."""
    event = _event(about, reason, message, actor=actor, now=now, warning=warning)
    await connection.execute(insert(tables.event).values(event.model_dump()))


async def tell_each(
    connection: AsyncConnection,
    abouts: Iterable[About],
    reason: str,
    message: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Append the same event about several things; one statement, and none for none."""
    events = [_event(about, reason, message, actor=actor, now=now) for about in abouts]
    if events:
        await connection.execute(insert(tables.event), [e.model_dump() for e in events])


async def warn(
    connection: AsyncConnection,
    about: About,
    reason: str,
    message: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Append a warning, unless it is what was told last about that, and not long ago."""
    columns = tables.event.c
    query = _of(select(columns.reason, columns.message, columns.at), about)
    newest = (await connection.execute(query.order_by(columns.id.desc()).limit(1))).first()
    if newest and (newest.reason, newest.message) == (reason, message) and now - newest.at < _QUIET:
        return
    await tell(connection, about, reason, message, actor=actor, now=now, warning=True)


class Events:
    """Reads what happened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self, project: str, *, limit: int = 500, kind: str = "", name: str = ""
    ) -> Sequence[Event]:
        """The newest `limit` events, oldest first."""
        columns = tables.event.c
        query = select(tables.event).where(columns.project == project)
        if kind:
            query = query.where(columns.kind == kind)
        if name:
            query = query.where(columns.name == name)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(columns.id.desc()).limit(limit))
        return [_read(row) for row in reversed(rows.all())]

    async def newest(self, project: str) -> int:
        """The id of the newest event; it moves whenever something worth watching happened."""
        query = select(tables.event.c.id).where(tables.event.c.project == project)
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(tables.event.c.id.desc()).limit(1))
        return found.scalar() or 0


def _of(query: Select[Any], about: About) -> Select[Any]:
    columns = tables.event.c
    return query.where(
        columns.project == about.project, columns.kind == about.kind, columns.name == about.name
    )


def _event(
    about: About, reason: str, message: str, *, actor: Actor, now: datetime, warning: bool = False
) -> Event:
    return Event(
        at=now,
        project=about.project,
        kind=about.kind,
        name=about.name,
        reason=reason,
        message=message,
        actor=str(actor),
        type="Warning" if warning else "Normal",
    )


def _read(row: Row[Any]) -> Event:
    return Event.model_validate(row, from_attributes=True)
