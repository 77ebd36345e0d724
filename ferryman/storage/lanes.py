"""Lanes: what a Stage does next, decided and done in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import controller
from ferryman.domain.errors import InvalidError, NotFoundError
from ferryman.domain.lane import LaneDecision, StageView, decide
from ferryman.domain.stage import Stage
from ferryman.domain.template_status import REASON, with_trouble
from ferryman.domain.verification import verified
from ferryman.storage import events, promotions, tasks, turns, verifications
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.promotion_rows import NewPromotion
from ferryman.storage.views import Views

_STAGE = controller("stage")


@dataclass(frozen=True)
class Decided:
    """What was decided: whom to wake, and when to look again if nobody nudges."""

    promotions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    wake_at: datetime | None = None


class Lanes:
    """Decides for Stages."""

    def __init__(self, database: Database, views: Views) -> None:
        self._database = database
        self._views = views

    async def decide(self, project: str, name: str, *, now: datetime) -> Decided:
        """Create auto-promotions, mark what is verified, give the turn; nothing if it is gone."""
        try:
            async with self._database.write() as connection:
                return await self._decide(connection, project, name, now)
        except NotFoundError:
            return Decided()

    async def downstream(self, project: str, name: str) -> tuple[str, ...]:
        """The Stages that take Freight from this one; none if it is gone."""
        async with self._database.read() as connection:
            try:
                stage = await self._views.resources.load(connection, Stage, project, name)
            except NotFoundError:
                return ()
            return await self._views.downstream(connection, stage)

    async def _decide(
        self, connection: AsyncConnection, project: str, name: str, now: datetime
    ) -> Decided:
        turn = await turns.lock(connection, project, name)
        stage = await self._views.resources.load(connection, Stage, project, name, lock=True)
        view = await self._views.stage(connection, stage, turn)
        decision = decide(view, now)
        trouble = await _trouble(connection, stage)
        woken = [] if trouble else await _create(connection, stage, decision, now)
        if decision.turn:
            await turns.give(connection, project, name, decision.turn)
            woken.append(decision.turn)
        if view.held and not view.auto_promotion:
            await turns.hold(connection, project, name, {})
        if trouble and decision.promote:
            about = About("Stage", project, name)
            await events.warn(connection, about, REASON, trouble, actor=_STAGE, now=now)
        await self._observe(connection, view, decision, trouble, now)
        downstream: tuple[str, ...] = ()
        if decision.verified:
            await verifications.mark(connection, stage, decision.verified, now)
            downstream = await self._views.downstream(connection, stage)
        return Decided(promotions=tuple(woken), stages=downstream, wake_at=decision.wake_at)

    async def _observe(
        self,
        connection: AsyncConnection,
        view: StageView,
        decision: LaneDecision,
        trouble: str,
        now: datetime,
    ) -> None:
        """Write the Stage's status where it changed."""
        stage = view.stage
        seen = {
            "auto_promotion_enabled": view.auto_promotion,
            "observed_generation": stage.metadata.generation,
        }
        status = verified(stage.status.model_copy(update=seen), decision.verified, now)
        status = with_trouble(status, trouble, now)
        if status != stage.status:
            new = stage.model_copy(update={"status": status})
            await self._views.resources.set_status(connection, new)


async def _trouble(connection: AsyncConnection, stage: Stage) -> str:
    """Why the Stage's template cannot be made into a Promotion; "" if it can.

    The lane does not stop for it: it looks again whenever something changes.
    """
    try:
        await tasks.steps_of(connection, stage)
    except InvalidError as error:
        return str(error)
    return ""


async def _create(
    connection: AsyncConnection, stage: Stage, decision: LaneDecision, now: datetime
) -> list[str]:
    """Create the Promotions that nobody has to ask for; gives their names."""
    names = []
    for freight in decision.promote:
        new = NewPromotion(stage=stage, freight=freight, actor=_STAGE)
        names.append((await promotions.create(connection, new, now=now)).name)
    return names
