"""Settlements: how a Promotion ends, and what its Stage has then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain import flow
from ferryman.domain.actor import controller
from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import FreightReference
from ferryman.domain.promotion import FreightCollection, Phase
from ferryman.domain.stage import PromotionResult, PromotionSummary, Stage
from ferryman.domain.step import Step, StepStatus
from ferryman.domain.verification import ended, verified
from ferryman.storage import (
    events,
    promotion_rows,
    standings,
    step_rows,
    turns,
    verifications,
)
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.resources import Resources

_ACTOR = controller("promotion")


class Settlements:
    """Ends Promotions; ending one again changes nothing."""

    def __init__(self, database: Database, resources: Resources) -> None:
        self._database = database
        self._resources = resources

    async def settle(
        self,
        project: str,
        name: str,
        *,
        now: datetime,
        end: tuple[Phase, str] | None = None,
        run: int = 0,
    ) -> tuple[Phase, str]:
        """End a Promotion in the way its steps did, or as `end` says; give its turn back.

        Of a `run` that is not the newest any more, how it ended is told. A Promotion that is gone
        with its Project was aborted by that.
        """
        async with self._database.write() as connection:
            try:
                turn, row = await promotion_rows.locked(connection, project, name)
            except NotFoundError as error:
                return Phase.ABORTED, str(error)
            earlier = next((r for r in row.runs or () if r["run"] == run), None)
            if earlier:
                return Phase(earlier["phase"]), earlier["message"]
            if Phase(row.phase).terminal:
                return Phase(row.phase), row.message
            phase, message = await _outcome(connection, row, end, now)
            await promotion_rows.change(
                connection,
                project,
                name,
                phase=phase,
                message=message,
                finished_at=now,
                touched_at=now,
                waiting=[],
                ready=False,
            )
            if turn.promotion == name:
                await turns.give(connection, project, row.stage, "")
            if row.started_at:  # what never went in changes nothing but itself
                await _apply_hold(connection, row, turn, phase, now)
                await self._tell_stage(connection, row, phase, message, now)
            await _tell(connection, row, phase, message, now)
            return phase, message

    async def _tell_stage(
        self, connection: AsyncConnection, row: Row[Any], phase: Phase, message: str, now: datetime
    ) -> None:
        try:
            stage = await self._resources.load(connection, Stage, row.project, row.stage, lock=True)
        except NotFoundError:
            return
        if row.created_at < (stage.metadata.creation_timestamp or now):
            return  # it ran in a Stage of that name that is gone
        summary = PromotionSummary(
            name=row.name,
            freight=FreightReference.load(row.freight_reference),
            status=PromotionResult(phase=phase, message=message),
            finished_at=now,
        )
        brought = FreightCollection.load(row.collection) if phase is Phase.SUCCEEDED else None
        if brought:
            await _move(connection, stage, brought, now)
        status = ended(stage.status, summary, brought, stage.spec, now)
        if brought and stage.spec.verification is None:
            # Now, not when the lane comes by: who sees Succeeded may promote on at once.
            names = sorted(f.name for f in brought.items.values())
            status = verified(status, names, now)
            await verifications.mark(connection, stage, names, now)
        await self._resources.set_status(connection, stage.model_copy(update={"status": status}))


async def _outcome(
    connection: AsyncConnection, row: Row[Any], end: tuple[Phase, str] | None, now: datetime
) -> tuple[Phase, str]:
    """Fence off whoever still runs a step, then read how the steps ended."""
    if row.abort_requested:
        end = Phase.ABORTED, row.message
    closed_as = StepStatus.ABORTED if end and end[0] is Phase.ABORTED else StepStatus.ERRORED
    await step_rows.close_open(connection, row.project, row.name, closed_as, now)
    if end:
        return end
    recorded = (await step_rows.executions(connection, row.project, [row.name])).get(row.name, [])
    told = flow.completed([Step.load(s) for s in row.steps], recorded)
    known = {s.path for s in recorded}
    unrecorded = [s for s in told if s.path not in known]
    await step_rows.add(connection, row.project, row.name, row.run, unrecorded)
    return flow.phase(told), flow.message(told)


async def _move(
    connection: AsyncConnection, stage: Stage, brought: FreightCollection, now: datetime
) -> None:
    current = stage.status.current
    before = {f.name for f in current.items.values()} if current else set()
    after = {f.name for f in brought.items.values()}
    if before - after:
        left = sorted(before - after)
        await standings.moved_out(connection, stage.project, stage.name, left, now)
    await standings.moved_in(connection, stage.project, stage.name, sorted(after), now)


async def _apply_hold(
    connection: AsyncConnection, row: Row[Any], turn: Row[Any], phase: Phase, now: datetime
) -> None:
    """Keep auto-promotion from undoing what a person did (Kargo's holds, §14.16)."""
    if not row.hold or phase is Phase.ABORTED:
        return
    held = {k: v for k, v in turn.held.items() if k != row.origin}
    if row.hold == "hold":
        held[row.origin] = {
            "freightName": row.freight,
            "promotionName": row.name,
            "actor": row.actor,
            "createdAt": now.isoformat(),
        }
    await turns.hold(connection, row.project, row.stage, held)


async def _tell(
    connection: AsyncConnection, row: Row[Any], phase: Phase, message: str, now: datetime
) -> None:
    about = About("Promotion", row.project, row.name)
    message = message or f"Freight {row.freight[:7]} is in stage {row.stage}"
    warning = phase is not Phase.SUCCEEDED
    await events.tell(
        connection, about, f"Promotion{phase}", message, actor=_ACTOR, now=now, warning=warning
    )
