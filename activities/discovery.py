"""Discovery: what a Warehouse's sources offer, and the Freight that follows from it.

Freight is minted from fresh findings only: while one subscription fails, what the others find is
shown, and no Freight is made of it and of what the failed one found earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from activities.generic_discovery import types_condition
from activities.survey import Survey, Surveyed
from ferryman.domain.actor import controller
from ferryman.domain.candidate import candidate, criteria_hold, missing
from ferryman.domain.errors import ExpressionError, NotFoundError
from ferryman.domain.freight import Freight
from ferryman.domain.plan import DiscoveryOutcome, Moment
from ferryman.domain.ports import Nudges
from ferryman.domain.resource import Condition
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.discoveries import CRITERIA
from ferryman.storage.store import Store

_ACTOR = controller("discovery")


@dataclass(frozen=True)
class _Judgement:
    """What a survey means: conditions, and whether Freight may be made."""

    conditions: tuple[Condition, ...]
    message: str = ""
    ripe: bool = False


@dataclass(frozen=True)
class Discovery:
    """Discovers for Warehouses."""

    store: Store
    nudges: Nudges
    survey: Survey

    @activity.defn(name="discover")
    async def discover(self, moment: Moment) -> DiscoveryOutcome:
        """Look at the subscriptions; mint what is new, and let its Stages know."""
        try:
            warehouse = await self.store.resources.get(Warehouse, moment.project, moment.name)
        except NotFoundError:
            await self.nudges.forget(moment.project, moment.name)
            return DiscoveryOutcome(message="the warehouse is gone")
        surveyed = await self.survey.of(warehouse, now=moment.now, asked=moment.asked)
        judgement = _judged(warehouse, surveyed, moment.now)
        freight, created = None, False
        if judgement.ripe:
            freight, created = await self.store.freight.mint_found(
                candidate(warehouse, surveyed.found), actor=_ACTOR, now=moment.now
            )
        await self.store.discoveries.record(
            moment.project,
            moment.name,
            found=surveyed.found,
            subscriptions=surveyed.statuses,
            freight=freight.name if freight else "",
            conditions=(
                *judgement.conditions,
                *await types_condition(self.store.resources, warehouse),
                *(_creation(warehouse, freight, created=created) if judgement.ripe else ()),
            ),
            now=moment.now,
        )
        # Also for Freight that was there: the nudge of the run that minted it may be lost.
        if freight is not None:
            for stage in await self.store.discoveries.stages_of(moment.project, moment.name):
                await self.nudges.stage(moment.project, stage)
        return DiscoveryOutcome(
            freight=freight.name if freight else "",
            alias=freight.alias if freight else "",
            created=created,
            message=judgement.message,
        )


def _judged(warehouse: Warehouse, surveyed: Surveyed, now: datetime) -> _Judgement:
    """Trouble before nothing found, and that before criteria: only the first reason is told."""
    nothing = missing(warehouse, surveyed.found)
    if surveyed.trouble or nothing:
        message = "; ".join((*(surveyed.trouble or nothing), *surveyed.left_out))
        return _unhealthy("DiscoveryFailed" if surveyed.trouble else "MissingArtifacts", message)
    message = "; ".join(surveyed.left_out)
    criteria = warehouse.spec.freight_creation_criteria
    if warehouse.spec.freight_creation_policy == "Manual":
        return _Judgement(_healthy(message), message)
    if criteria is None or not criteria.expression:
        return _Judgement(_healthy(message), message, ripe=True)
    try:
        ripe = criteria_hold(warehouse, surveyed.found, now=now)
    except ExpressionError as error:
        return _unhealthy("CriteriaEvaluationFailed", str(error))
    satisfied = Condition(
        type=CRITERIA,
        status="True" if ripe else "False",
        reason="CriteriaSatisfied" if ripe else "CriteriaNotSatisfied",
        message="" if ripe else f"{criteria.expression} is false of what is newest",
    )
    return _Judgement((*_healthy(message), satisfied), message, ripe=ripe)


def _healthy(message: str) -> tuple[Condition, ...]:
    return (
        Condition(type="Healthy", status="True", reason="ReconciliationSucceeded", message=message),
        Condition(type="Ready", status="True", reason="ArtifactsDiscovered"),
    )


def _unhealthy(reason: str, message: str) -> _Judgement:
    conditions = (
        Condition(type="Healthy", status="False", reason=reason, message=message),
        Condition(type="Ready", status="False", reason=reason, message=message),
    )
    return _Judgement(conditions, message)


def _creation(
    warehouse: Warehouse, freight: Freight | None, *, created: bool
) -> tuple[Condition, ...]:
    if freight is None:
        back = f"`ferryman create freight --warehouse {warehouse.name}` brings it back"
        message = f"Freight of what is newest was deleted; {back}"
        told = Condition(type="FreightCreated", status="False", reason="Deleted", message=message)
        return (told,)
    return (
        Condition(
            type="FreightCreated",
            status="True" if created else "False",
            reason="NewFreight" if created else "AlreadyExists",
            message=freight.alias,
        ),
    )
