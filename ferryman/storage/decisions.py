"""Decisions: what people said about Promotions, append-only, whether or not it counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.event import Decision
from ferryman.storage import events, tables
from ferryman.storage.events import About

_PAST = {
    "approve": "approved",
    "reject": "rejected",
    "abort": "aborted",
    "retry": "retried",
    "skip": "skipped",
    "override": "overridden",
}


async def heard(
    connection: AsyncConnection, project: str, promotion: str, *, run: int = 0
) -> Sequence[Decision]:
    """What people said about a Promotion, in order of time; in one `run`, if that is given."""
    columns = tables.decision.c
    query = select(tables.decision).where(
        columns.project == project, columns.promotion == promotion
    )
    rows = await connection.execute(query.order_by(columns.id))
    said = [_read(row) for row in rows]
    return [decision for decision in said if run in {0, decision.run}]


async def record(connection: AsyncConnection, project: str, promotion: str, said: Decision) -> None:
    """Append a decision, and tell of it."""
    row = {"project": project, "promotion": promotion, **said.model_dump()}
    await connection.execute(insert(tables.decision).values(**row))
    actor = Actor(name=said.actor, proven=said.proven)
    of = "Step" if said.verdict in {"skip", "override"} else ""
    reason, message = f"Promotion{of}{_PAST[said.verdict].capitalize()}", words(said)
    if said.refused:
        reason = "DecisionRefused"
        message = f"{said.verdict} by {actor} did not count: {said.refused}"
    about, warning = About("Promotion", project, promotion), bool(said.refused)
    await events.tell(connection, about, reason, message, actor=actor, now=said.at, warning=warning)


def words(said: Decision) -> str:
    """A decision as people read it: `rejected by ann: not on a Friday`."""
    actor = Actor(name=said.actor, proven=said.proven)
    what = f"{_PAST[said.verdict]} by {actor}"
    if said.verdict == "retry" and said.step:
        what += f" from step {said.step}"
    elif said.step:
        what = f"step {said.step} {what}"
    return what + (f": {said.comment}" if said.comment else "")


def _read(row: Row[Any]) -> Decision:
    facts = row._asdict()
    return Decision.model_validate(
        {name: facts[name] for name in Decision.model_fields}
        | {"run": row.run or 1, "step": row.step or ""}
    )
