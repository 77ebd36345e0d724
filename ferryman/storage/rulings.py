"""Rulings: a step ends as somebody says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError
from ferryman.domain.event import Decision
from ferryman.domain.placement import Placed, keys_of, walk
from ferryman.domain.promotion import Phase
from ferryman.domain.retrying import called
from ferryman.domain.ruling import Ruling
from ferryman.domain.step import Step, StepExecution, StepStatus
from ferryman.storage import decisions, promotion_rows, step_rows, tables, waiting
from ferryman.storage.database import Database
from ferryman.storage.resources import Resources
from ferryman.storage.vault import Vault


class Rulings:
    """Ends steps of Promotions that run."""

    def __init__(self, database: Database, vault: Vault, resources: Resources) -> None:
        self._database = database
        self._vault = vault
        self._resources = resources

    async def rule(
        self, project: str, name: str, ruling: Ruling, *, actor: Actor, now: datetime
    ) -> None:
        """End a step that waits, is tried again, or prepares; whoever works on it is fenced off.

        Raises InvalidError for what cannot be said of it, ConflictError where it is too late.
        """
        async with self._database.write() as connection:
            _, row = await promotion_rows.locked(connection, project, name)
            if row.phase != Phase.RUNNING or row.abort_requested:
                raise ConflictError(_not_running(row))
            recorded = (await step_rows.executions(connection, project, [name])).get(name, [])
            placed = find(row, recorded, ruling.step)
            ruling.check(placed.step)
            await self._end(connection, row, placed, ruling, actor=actor, now=now)
            await waiting.over(connection, self._resources, row, placed.path)
            await record(connection, row, placed, ruling, actor=actor, now=now)

    async def _end(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        placed: Placed,
        ruling: Ruling,
        *,
        actor: Actor,
        now: datetime,
    ) -> None:
        columns = tables.step.c
        mine = (
            columns.project == row.project,
            columns.promotion == row.name,
            columns.run == row.run,
            columns.path == placed.path,
        )
        found = (
            await connection.execute(select(tables.step).where(*mine).with_for_update())
        ).first()
        if found is None or found.status != StepStatus.RUNNING or found.acting:
            raise ConflictError(_too_late(placed, found))
        changed = outcome(self._vault, ruling, actor, now)
        await connection.execute(
            update(tables.step).where(*mine).values(attempt=columns.attempt + 1, **changed)
        )


def find(row: Row[Any], recorded: list[StepExecution], name: str) -> Placed:
    """The step of that path or alias; raises InvalidError with those that there are."""
    return called(walk([Step.load(s) for s in row.steps], keys_of(recorded)), name)


def outcome(vault: Vault, ruling: Ruling, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the step's row says of how it ended."""
    return {
        "status": ruling.status,
        "message": ruling.words(actor),
        "output": vault.seal({"value": dict(ruling.output) or None, "sensitive": False}),
        "finished_at": now,
        "resting": False,
        "acting": False,
        "tree": "",
        "tree_order": None,
    }


async def put(
    connection: AsyncConnection, row: Row[Any], placed: Placed, values: dict[str, Any]
) -> None:
    """Record a step that has not begun in this run as ended."""
    key = {"project": row.project, "promotion": row.name, "run": row.run, "path": placed.path}
    facts = step_rows.blank(place=placed.order, alias=placed.alias, uses=placed.step.kind)
    excused = {"continue_on_error": placed.continue_on_error}
    await connection.execute(insert(tables.step).values(**{**facts, **key, **excused, **values}))


async def record(
    connection: AsyncConnection,
    row: Row[Any],
    placed: Placed,
    ruling: Ruling,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep who said it and why, and tell of it."""
    said = Decision(
        verdict=ruling.verdict,
        actor=actor.name,
        proven=actor.proven,
        comment=ruling.reason,
        at=now,
        run=row.run,
        step=placed.path,
    )
    await decisions.record(connection, row.project, row.name, said)


def _not_running(row: Row[Any]) -> str:
    if row.abort_requested and row.phase in promotion_rows.OPEN:
        return f"promotion {row.name} is being aborted"
    if row.phase == Phase.PENDING:
        return f"promotion {row.name} has not gone in yet: `ferryman explain promotion` says why"
    if row.phase == Phase.SUCCEEDED:
        return f"promotion {row.name} has succeeded; there is nothing left to skip or override"
    return (
        f"promotion {row.name} has ended: {row.phase}; with --retry it goes on from this step, "
        "which then counts as you say"
    )


def _too_late(placed: Placed, found: Row[Any] | None) -> str:
    if found is None:
        return f"step {placed.alias} has not begun; say it once it runs, waits or is tried again"
    if found.status != StepStatus.RUNNING:
        return f"step {placed.alias} has ended already: {found.status}"
    return (
        f"step {placed.alias} is acting on the world at this moment: wait until it has ended, "
        "or abort the promotion"
    )
