"""Retries: a Promotion that did not succeed goes again, in a run of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.eligibility import availability
from ferryman.domain.errors import ConflictError, InvalidError
from ferryman.domain.event import Decision
from ferryman.domain.promotion import EarlierRun, Phase
from ferryman.domain.retrying import restart
from ferryman.domain.ruling import Ruling
from ferryman.domain.stage import Stage
from ferryman.domain.step import Step, StepExecution
from ferryman.storage import decisions, promotion_rows, rulings, step_rows
from ferryman.storage.admissions import refusal_of
from ferryman.storage.database import Database
from ferryman.storage.gates import hold_of
from ferryman.storage.vault import Vault
from ferryman.storage.views import Views


@dataclass(frozen=True)
class Retry:
    """What somebody asks for."""

    actor: Actor
    reason: str = ""
    start: str = ""
    """The path or alias of the step to go on from; "": what failed first."""
    ruling: Ruling | None = None
    """How that step counts instead of being done again."""


class Retries:
    """Opens Promotions again; they wait at their gate like new ones."""

    def __init__(self, database: Database, vault: Vault, views: Views) -> None:
        self._database = database
        self._vault = vault
        self._views = views

    async def retry(self, project: str, name: str, wanted: Retry, *, now: datetime) -> None:
        """Begin a new run that keeps the results of the steps before.

        Raises ConflictError for one that runs or has succeeded, InvalidError for a step that it
        cannot go on from, and with every unmet condition when the Freight may not enter any more.
        """
        async with self._database.write() as connection:
            turn, row = await promotion_rows.locked(connection, project, name)
            _check_phase(row)
            stage = await self._views.resources.load(connection, Stage, project, row.stage)
            _check_stage(row, stage)
            freight = await self._views.freight.load(connection, project, row.freight)
            barred = availability(freight, stage, now)
            if barred:
                raise InvalidError(refusal_of(freight, stage, barred))
            view = await self._views.stage(connection, stage, turn)
            recorded = (await step_rows.executions(connection, project, [name])).get(name, [])
            hold = hold_of(view, freight, now)
            await self._begin(connection, row, recorded, wanted, hold=hold, now=now)

    async def _begin(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        recorded: list[StepExecution],
        wanted: Retry,
        *,
        hold: str,
        now: datetime,
    ) -> None:
        project, name, ruling = row.project, row.name, wanted.ruling
        start = ruling.step if ruling else wanted.start
        again = restart([Step.load(s) for s in row.steps], recorded, start)
        fresh = {
            "run": row.run + 1,
            "runs": [*(row.runs or []), _ended(row).dump()],
            "phase": Phase.PENDING,
            "message": "",
            "hold": hold,
            "started_at": None,
            "finished_at": None,
            "touched_at": now,
            "waiting": [],
            "ready": False,
            "abort_requested": False,
        }
        await promotion_rows.change(connection, project, name, **fresh)
        await step_rows.carry_over(connection, project, name, row.run + 1, again.kept)
        row = await promotion_rows.load(connection, project, name)
        said = Decision(
            verdict="retry",
            actor=wanted.actor.name,
            proven=wanted.actor.proven,
            comment=wanted.reason,
            at=now,
            run=row.run,
            step=again.first[0].path if again.first else "",
        )
        await decisions.record(connection, project, name, said)
        if ruling:
            placed = rulings.find(row, recorded, ruling.step)
            ruling.check(placed.step)
            values = rulings.outcome(self._vault, ruling, wanted.actor, now)
            await rulings.put(connection, row, placed, values)
            await rulings.record(connection, row, placed, ruling, actor=wanted.actor, now=now)


def _check_phase(row: Row[Any]) -> None:
    if row.phase == Phase.SUCCEEDED:
        raise ConflictError(f"promotion {row.name} has succeeded; promote the Freight again")
    if row.phase in promotion_rows.OPEN:
        raise ConflictError(
            f"promotion {row.name} is {row.phase}: what has ended can be retried; abort it first"
        )


def _check_stage(row: Row[Any], stage: Stage) -> None:
    began = stage.metadata.creation_timestamp
    if began and row.created_at < began:
        raise ConflictError(
            f"promotion {row.name} is of a stage {row.stage} that was deleted; promote the Freight "
            "into the one that there is now"
        )


def _ended(row: Row[Any]) -> EarlierRun:
    return EarlierRun(
        run=row.run,
        phase=row.phase,
        message=row.message,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
