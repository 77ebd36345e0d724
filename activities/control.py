"""The control activities: the store's decisions, asked for by workflows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.decisions import Body, explained_body
from activities.kinds import StepKind
from activities.planning import planned
from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.event import Decision
from ferryman.domain.plan import (
    Admission,
    DecisionCall,
    LaneOutcome,
    Moment,
    PromoteCall,
    PromotionKey,
    Settled,
    Settlement,
)
from ferryman.domain.ports import Nudges
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.stage import Stage
from ferryman.storage.promotion_rows import ACTOR_ANNOTATION
from ferryman.storage.store import Store

_log = structlog.get_logger()


@dataclass(frozen=True)
class Control:
    """Decides, admits, settles; then wakes whom that concerns."""

    store: Store
    nudges: Nudges
    kinds: Mapping[str, StepKind[Any]]

    @activity.defn(name="decide")
    async def decide(self, moment: Moment) -> LaneOutcome:
        """What a Stage does next."""
        decided = await self.store.lanes.decide(moment.project, moment.name, now=moment.now)
        for promotion in decided.promotions:
            await self.nudges.promotion(moment.project, promotion)
        for stage in decided.stages:
            await self.nudges.stage(moment.project, stage)
        summary = ", ".join(decided.promotions) or "nothing to do"
        return LaneOutcome(wake_at=decided.wake_at, summary=summary)

    @activity.defn(name="admit")
    async def admit(self, moment: Moment) -> Admission:
        """Whether a Promotion may go in; and if so, its plan."""
        entry = await self.store.gates.admit(moment.project, moment.name, now=moment.now)
        if entry.end is not None:
            phase, message = await self.store.settlements.settle(
                moment.project, moment.name, now=moment.now, end=entry.end, run=entry.run
            )
            await _log.ainfo("promotion_ended", promotion=moment.name, message=message)
            return Admission(state="ended", phase=phase, run=entry.run)
        if entry.passed_by:
            await self.nudges.stage(moment.project, entry.passed_by)
        if entry.state != "admitted":
            return Admission(
                state=entry.state,
                phase=entry.phase,
                run=entry.run,
                wake_at=min((u.until for u in entry.unmet if u.until), default=None),
                waiting_for="; ".join(u.message for u in entry.unmet),
            )
        promotion = await self.store.promotions.get(moment.project, moment.name)
        stage = await self.store.resources.get(Stage, moment.project, promotion.spec.stage)
        plan = planned(promotion, stage, self.kinds)
        return Admission(state="admitted", phase=Phase.RUNNING, plan=plan, run=plan.run)

    @activity.defn(name="settle")
    async def settle(self, settlement: Settlement) -> Settled:
        """End a Promotion, and let its Stage look what is next."""
        end = (Phase.ABORTED, settlement.message or "aborted") if settlement.aborted else None
        phase, message = await self.store.settlements.settle(
            settlement.project,
            settlement.name,
            now=settlement.now,
            end=end,
            run=settlement.run,
        )
        settled = Settled(phase=phase, message=message)
        try:
            promotion = await self.store.promotions.get(settlement.project, settlement.name)
        except NotFoundError:  # gone with its Project
            return settled
        stage = promotion.spec.stage
        downstream = await self.store.lanes.downstream(settlement.project, stage)
        for name in (stage, *(downstream if phase is Phase.SUCCEEDED else ())):
            await self.nudges.stage(settlement.project, name)
        reopened = 0 < settlement.run < promotion.status.run
        return settled.model_copy(update={"reopened": reopened})

    @activity.defn(name="record_decision")
    async def record_decision(self, call: DecisionCall) -> Decision:
        """Keep a decision that came by signal, as claimed; one that is not understood too."""
        try:
            body, refused = Body.model_validate(call.body or {}), ""
        except ValidationError as error:
            body, refused = Body(), explained_body(error)
        actor = Actor(name=f"temporal:{body.by or 'somebody'}", proven=False)
        try:
            return await self.store.gates.decide(
                call.project,
                call.promotion,
                verdict=call.verdict,
                actor=actor,
                comment=body.comment,
                now=call.now,
                refused=refused,
            )
        except NotFoundError as error:  # gone with its Project; there is nowhere to record it
            return Decision(
                verdict=call.verdict,
                actor=actor.name,
                proven=False,
                at=call.now,
                refused=str(error),
            )

    @activity.defn(name="promote")
    async def promote(self, call: PromoteCall) -> PromotionKey:
        """Create a Promotion as the API does, for who came by Temporal."""
        request = call.request
        actor = Actor(name=f"temporal:{request.by or 'somebody'}", proven=False)
        name = await self._made_before(call, actor)
        if not name:
            promotion = await self.store.gates.promote(
                request.project,
                request.stage,
                freight=request.freight,
                actor=actor,
                now=call.now,
            )
            name = promotion.name
        await self.nudges.promotion(request.project, name)
        return PromotionKey(project=request.project, name=name)

    @activity.defn(name="await_promotion")
    async def await_promotion(self, key: PromotionKey) -> Settled:
        """How a Promotion ended; not having ended is no error, only a reason to ask again."""
        promotion = await self.store.promotions.get(key.project, key.name)
        status = promotion.status
        if not status.phase.terminal:
            waits = "; ".join(u.message for u in status.waiting)
            raise ApplicationError(
                f"{key.name} is {status.phase}" + (f": {waits}" if waits else ""),
                category=ApplicationErrorCategory.BENIGN,
            )
        return Settled(phase=status.phase, message=status.message)

    async def _made_before(self, call: PromoteCall, actor: Actor) -> str:
        """The Promotion that an earlier attempt made whose answer was lost; "" for none."""
        if activity.info().attempt == 1:
            return ""
        request = call.request
        freight = await self.store.freight.get(request.project, request.freight)
        newest = await self.store.promotions.list(request.project, stage=request.stage, limit=50)
        wanted = (freight.name, call.now, str(actor))
        return next((p.name for p in newest if _origin(p) == wanted), "")


def _origin(promotion: Promotion) -> tuple[str, datetime | None, str]:
    """What went in, when and by whom: as good as a key, since a retry's `now` is the first's."""
    metadata = promotion.metadata
    actor = metadata.annotations.get(ACTOR_ANNOTATION, "")
    return promotion.spec.freight, metadata.creation_timestamp, actor
