"""Gates: how a Promotion comes to be, is decided about, and goes in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain import gate
from ferryman.domain.actor import Actor
from ferryman.domain.eligibility import availability
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.domain.event import Decision
from ferryman.domain.freight import Freight, Origin
from ferryman.domain.lane import StageView, candidate
from ferryman.domain.promotion import Phase, Promotion, Unmet
from ferryman.domain.stage import Stage
from ferryman.storage import decisions, promotion_rows, promotions, turns, waiting
from ferryman.storage.admissions import Admissions, Entry, refusal_of
from ferryman.storage.database import Database
from ferryman.storage.promotion_rows import Hold, NewPromotion
from ferryman.storage.views import Views, overtaking


class Gates:
    """Creates, judges and admits Promotions; each call is one transaction."""

    def __init__(self, database: Database, views: Views, *, proof_required: bool = False) -> None:
        self._database = database
        self._views = views
        self._admissions = Admissions(views)
        self._proof_required = proof_required

    async def promote(
        self,
        project: str,
        stage_name: str,
        *,
        freight: str = "",
        origin: str = "",
        actor: Actor,
        now: datetime,
    ) -> Promotion:
        """Create a Promotion of a Freight (name or alias), or of an origin's candidate.

        Raises InvalidError with every unmet condition when the Freight may not enter the Stage, and
        for a task that the Stage's steps refer to and that does not exist or lacks a var.
        """
        async with self._database.write() as connection:
            turn = await turns.lock(connection, project, stage_name)
            stage = await self._views.resources.load(connection, Stage, project, stage_name)
            if stage.spec.control_flow:
                raise InvalidError(
                    f"stage {stage_name} has no promotion steps; "
                    "Freight passes through it by itself",
                    field="stage",
                )
            view = await self._views.stage(connection, stage, turn)
            if freight:
                chosen = await self._views.freight.load(connection, project, freight)
            else:
                chosen = _candidate_of(view, origin, now)
            unmet = availability(chosen, stage, now)
            if unmet:
                raise InvalidError(refusal_of(chosen, stage, unmet))
            new = NewPromotion(stage, chosen, actor, hold=hold_of(view, chosen, now))
            return await promotions.create(connection, new, now=now)

    async def decide(
        self,
        project: str,
        name: str,
        *,
        verdict: Literal["approve", "reject", "abort"],
        actor: Actor,
        comment: str,
        now: datetime,
        refused: str = "",
    ) -> Decision:
        """Record what somebody said; `refused` in the result says why it did not count."""
        async with self._database.write() as connection:
            _, row = await promotion_rows.locked(connection, project, name)
            said = Decision(
                verdict=verdict,
                actor=actor.name,
                proven=actor.proven,
                comment=comment,
                at=now,
                run=row.run,
            )
            why = refused or gate.refusal(
                said,
                phase=Phase(row.phase),
                earlier=await decisions.heard(connection, project, name, run=row.run),
                overtaken_by=await overtaking(connection, row),
                proof_required=self._proof_required,
            )
            said = said.model_copy(update={"refused": why})
            await decisions.record(connection, project, name, said)
            if verdict == "abort" and not why:
                asked = {"abort_requested": True, "message": decisions.words(said)}
                await promotion_rows.change(connection, project, name, **asked)
            return said

    async def admit(self, project: str, name: str, *, now: datetime) -> Entry:
        """Let a Promotion in when its gate is open and its turn has come; else say what lacks.

        One that is gone with its Project has ended.
        """
        async with self._database.write() as connection:
            try:
                turn, row = await promotion_rows.locked(connection, project, name)
            except NotFoundError:
                return Entry("ended", phase=Phase.ABORTED)
            return await self._admissions.admit(connection, row, turn, now)

    async def wait(
        self, promotion: Promotion, unmet: Unmet, *, actor: Actor, now: datetime
    ) -> None:
        """Note what a step of a running Promotion waits for, and warn on its Stage."""
        async with self._database.write() as connection:
            row = await self._row(connection, promotion)
            if row is not None:
                resources = self._views.resources
                await waiting.note(connection, resources, row, unmet, actor=actor, now=now)

    async def go_on(self, promotion: Promotion, step: str) -> None:
        """A step of a running Promotion waits no more."""
        async with self._database.write() as connection:
            row = await self._row(connection, promotion)
            if row is not None:
                await waiting.over(connection, self._views.resources, row, step)

    async def _row(self, connection: AsyncConnection, promotion: Promotion) -> Row[Any] | None:
        """Its row, locked; None once it is gone with its Project, or in another run."""
        try:
            at = promotion.project, promotion.name
            row = await promotion_rows.load(connection, *at, lock=True)
        except NotFoundError:
            return None
        return row if row.run == promotion.status.run else None


def _candidate_of(view: StageView, origin: str, now: datetime) -> Freight:
    """What auto-promotion would take of an origin, written as `name` or `Warehouse/name`."""
    found, _ = candidate(view, Origin(name=origin.rpartition("/")[2]), now)
    if found is None:
        raise ConflictError(f"no Freight of {origin} may enter stage {view.stage.name} now")
    return found


def hold_of(view: StageView, chosen: Freight, now: datetime) -> Hold:
    """Promoting by hand what auto-promotion would not have taken keeps it off (Kargo §1.6)."""
    if not view.auto_promotion:
        return ""
    newest, _ = candidate(view, chosen.origin, now)
    return "resume" if newest and newest.name == chosen.name else "hold"
