"""Decisions: what people said about Promotions, append-only, whether or not it counted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.event import Decision
from ferryman.storage import events, tables
from ferryman.storage.events import About

_PAST = {"approve": "approved", "reject": "rejected", "abort": "aborted"}


async def heard(connection: AsyncConnection, project: str, promotion: str) -> Sequence[Decision]:
    """What people said about a Promotion, in order of time."""
    columns = tables.decision.c
    query = select(tables.decision).where(
        columns.project == project, columns.promotion == promotion
    )
    rows = await connection.execute(query.order_by(columns.id))
    return [Decision.model_validate(row, from_attributes=True) for row in rows]


async def record(connection: AsyncConnection, project: str, promotion: str, said: Decision) -> None:
    """Append a decision, and tell of it."""
    row = {"project": project, "promotion": promotion, **said.model_dump()}
    await connection.execute(insert(tables.decision).values(**row))
    actor = Actor(name=said.actor, proven=said.proven)
    reason, message = f"Promotion{_PAST[said.verdict].capitalize()}", words(said)
    if said.refused:
        reason = "DecisionRefused"
        message = f"{said.verdict} by {actor} did not count: {said.refused}"
    about, warning = About("Promotion", project, promotion), bool(said.refused)
    await events.tell(connection, about, reason, message, actor=actor, now=said.at, warning=warning)


def words(said: Decision) -> str:
    """A decision as people read it: `rejected by ann: not on a Friday`."""
    actor = Actor(name=said.actor, proven=said.proven)
    return f"{_PAST[said.verdict]} by {actor}" + (f": {said.comment}" if said.comment else "")
