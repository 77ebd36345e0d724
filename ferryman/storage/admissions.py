"""Admissions: whether a Promotion may go in now, judged and done in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain import gate
from ferryman.domain.actor import controller
from ferryman.domain.eligibility import availability
from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import Freight, FreightReference
from ferryman.domain.lane import TURN, OpenPromotion, turn_unmet
from ferryman.domain.promotion import Phase, Unmet
from ferryman.domain.stage import PromotionResult, PromotionSummary, Stage
from ferryman.domain.verification import began
from ferryman.storage import events, promotion_rows, turns
from ferryman.storage.decisions import words
from ferryman.storage.events import About
from ferryman.storage.promotions import collection_for
from ferryman.storage.views import Views, open_promotions

_ACTOR = controller("promotion")


@dataclass(frozen=True)
class Entry:
    """Whether a Promotion may go in now."""

    state: Literal["waiting", "admitted", "ended"]
    unmet: tuple[Unmet, ...] = ()
    phase: Phase = Phase.PENDING
    run: int = 1
    end: tuple[Phase, str] | None = None
    """It must end at once, in this way."""
    passed_by: str = ""
    """The Stage whose others need not wait for this one any more, now that it is known to wait."""


@dataclass(frozen=True)
class Admissions:
    """Judges Promotions whose Stage and row the caller has locked."""

    views: Views

    async def admit(
        self, connection: AsyncConnection, row: Row[Any], turn: Row[Any], now: datetime
    ) -> Entry:
        """Let it in when its gate is open and its turn has come; else say what lacks."""
        phase = Phase(row.phase)
        if phase.terminal:
            return Entry("ended", phase=phase, run=row.run)
        if row.abort_requested:
            return Entry("ended", run=row.run, end=(Phase.ABORTED, row.message))
        try:
            stage = await self.views.resources.load(
                connection, Stage, row.project, row.stage, lock=True
            )
            if phase is Phase.RUNNING:
                await promotion_rows.change(connection, row.project, row.name, touched_at=now)
                return Entry("admitted", phase=phase, run=row.run)
            entry = await self.judge(connection, stage, row, turn.promotion, now)
            if entry.state == "admitted":
                await self._go_in(connection, stage, row, turn, now)
            elif entry.state == "waiting":
                await _wait(connection, row, turn, entry.unmet, now)
        except NotFoundError as error:  # its Stage or its Freight is gone
            return Entry("ended", run=row.run, end=(Phase.ERRORED, str(error)))
        return entry

    async def judge(
        self, connection: AsyncConnection, stage: Stage, row: Row[Any], holder: str, now: datetime
    ) -> Entry:
        """What `admit` would say of one that is Pending, while `holder` has the turn.

        Writes nothing; raises NotFoundError when its Freight is gone.
        """
        view = await self.views.gate(connection, stage, row)
        rejected = gate.rejection(view)
        if rejected:
            return Entry("ended", run=row.run, end=(Phase.FAILED, words(rejected)))
        freight = await self.views.freight.load(connection, stage.project, row.freight)
        barred = availability(freight, stage, now)
        if barred:
            why = refusal_of(freight, stage, barred)
            return Entry("ended", run=row.run, end=(Phase.ERRORED, why))
        unmet = gate.unmet(view)
        others = await open_promotions(connection, stage)
        passed_by = stage.name if unmet and _keeps_others(row, others) else ""
        unmet = unmet or turn_unmet(stage, row.name, holder, others)
        if unmet:
            return Entry("waiting", unmet=unmet, run=row.run, passed_by=passed_by)
        return Entry("admitted", phase=Phase.RUNNING, run=row.run)

    async def _go_in(
        self,
        connection: AsyncConnection,
        stage: Stage,
        row: Row[Any],
        turn: Row[Any],
        now: datetime,
    ) -> None:
        """Take the turn; only now is it certain what the Stage has of the other origins."""
        if turn.promotion != row.name:
            await turns.give(connection, stage.project, stage.name, row.name)
        target = FreightReference.load(row.freight_reference)
        collection = await collection_for(connection, stage, target)
        await promotion_rows.change(
            connection,
            row.project,
            row.name,
            phase=Phase.RUNNING,
            ready=True,
            waiting=[],
            collection=collection.dump(),
            started_at=now,
            touched_at=now,
        )
        result = PromotionResult(phase=Phase.RUNNING)
        summary = PromotionSummary(name=row.name, freight=target, status=result)
        running = stage.model_copy(update={"status": began(stage.status, summary, now)})
        await self.views.resources.set_status(connection, running)


def _keeps_others(row: Row[Any], others: Iterable[OpenPromotion]) -> bool:
    """Has it not been judged before, while some that came later are ready?"""
    later = any(p.ready and p.name > row.name for p in others)
    return later and not row.ready and not row.waiting


def refusal_of(freight: Freight, stage: Stage, unmet: tuple[Unmet, ...]) -> str:
    """Why Freight may not enter, all of it, and what to do."""
    why = "; ".join(u.message for u in unmet)
    return (
        f"Freight {freight.alias or freight.name} may not enter stage {stage.name}: {why}. "
        "Promote it upstream first, or let it in with `ferryman approve freight`"
    )


async def _wait(
    connection: AsyncConnection,
    row: Row[Any],
    turn: Row[Any],
    unmet: tuple[Unmet, ...],
    now: datetime,
) -> None:
    """Keep what lacks, for people; tell it once when it is news."""
    reasons = {u.reason for u in unmet}
    ready = reasons == {TURN}
    if turn.promotion == row.name and not ready:
        # It shut while the turn came: whoever waits here must not hold the others up.
        await turns.give(connection, row.project, row.stage, "")
    lacking = [u.dump() for u in unmet]
    await promotion_rows.change(
        connection, row.project, row.name, ready=ready, waiting=lacking, touched_at=now
    )
    if not ready and reasons != {w["reason"] for w in row.waiting}:
        about = About("Promotion", row.project, row.name)
        message = "; ".join(u.message for u in unmet)
        await events.tell(connection, about, unmet[0].reason, message, actor=_ACTOR, now=now)
