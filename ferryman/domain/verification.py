"""How a Stage's status tells what it has and whether that was found good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ferryman.domain.promotion import FreightCollection, Phase, Unmet
from ferryman.domain.resource import Condition, with_condition
from ferryman.domain.stage import (
    FreightHistoryEntry,
    Health,
    PromotionSummary,
    Stage,
    StageSpec,
    StageStatus,
    Verification,
)

HISTORY = 10
"""How many entries a Stage remembers (Kargo §14.64)."""


def unverified(stage: Stage) -> bool:
    """Is what a healthy Stage has still to be found good? That goes first (Kargo §14.13).

    A Stage that asks for no verification is verified by being healthy (Kargo §14.45).
    """
    status = stage.status
    healthy = status.health is not None and status.health.status == "Healthy"
    fresh = status.current is not None and not status.current.verification_history
    return healthy and fresh and stage.spec.verification is None


def began(status: StageStatus, promotion: PromotionSummary, now: datetime) -> StageStatus:
    """The status once a Promotion has the turn: nothing is known of its health meanwhile."""
    running = Health(status="Unknown", issues=("a promotion is running",))
    status = status.model_copy(update={"current_promotion": promotion, "health": running})
    return _with(status, now, _active(status))


def running_on(status: StageStatus) -> StageStatus:
    """The status once the running Promotion waits for nothing any more."""
    conditions = with_condition(status.conditions, _active(status))
    return status.model_copy(update={"conditions": conditions})


def waiting(status: StageStatus, unmet: Unmet, now: datetime) -> StageStatus:
    """The status while the running Promotion waits for something from outside."""
    condition = Condition(
        type="Promoting", status="True", reason=unmet.reason, message=unmet.message
    )
    return _with(status, now, condition)


def ended(
    status: StageStatus,
    promotion: PromotionSummary,
    collection: FreightCollection | None,
    spec: StageSpec,
    now: datetime,
) -> StageStatus:
    """The status once a Promotion that ran has ended; `collection` is what it brought, if any.

    What did not succeed leaves the Stage's health unknown (Kargo §14.49), and every success is
    an entry of its own, to be verified anew (§14.48).
    """
    result = promotion.status
    good = result.phase is Phase.SUCCEEDED
    issues = () if good else (f"the last promotion is {result.phase}: {result.message}",)
    conditions = [
        Condition(type="Promoting", status="False", reason="NoActivePromotion"),
        Condition(
            type="Ready",
            status="True" if good else "False",
            reason="Promoted" if good else f"LastPromotion{result.phase}",
            message="; ".join(issues),
        ),
    ]
    history = status.freight_history
    if collection:
        entry = FreightHistoryEntry(id=collection.id, items=collection.items)
        history = (entry, *history)[:HISTORY]
        conditions.append(Condition(type="Verified", status="Unknown", reason="NotVerifiedYet"))
    status = status.model_copy(
        update={
            "current_promotion": None,
            "last_promotion": promotion,
            "freight_history": history,
            "freight_summary": _summary(history, spec),
            "health": Health(status="Healthy" if good else "Unknown", issues=issues),
        }
    )
    return _with(status, now, *conditions)


def verified(status: StageStatus, freight: Collection[str], now: datetime) -> StageStatus:
    """The status once `freight` was found good; unchanged when that is nothing that it has."""
    current = status.current
    if not current or not any(f.name in freight for f in current.items.values()):
        return status
    record = Verification(
        id=f"{current.id[:12]}.{len(current.verification_history)}",
        phase="Successful",
        start_time=now,
        finish_time=now,
        message="no verification is asked for, and the stage is healthy",
        actor="controller:stage",
    )
    history = (record, *current.verification_history)[:HISTORY]
    newest = current.model_copy(update={"verification_history": history})
    status = status.model_copy(update={"freight_history": (newest, *status.freight_history[1:])})
    return _with(status, now, Condition(type="Verified", status="True", reason="Verified"))


def _active(status: StageStatus) -> Condition:
    name = status.current_promotion.name if status.current_promotion else ""
    return Condition(type="Promoting", status="True", reason="ActivePromotion", message=name)


def _with(status: StageStatus, now: datetime, *changed: Condition) -> StageStatus:
    conditions = status.conditions
    for condition in changed:
        timed = condition.model_copy(update={"last_transition_time": now})
        conditions = with_condition(conditions, timed)
    return status.model_copy(update={"conditions": conditions})


def _summary(history: tuple[FreightHistoryEntry, ...], spec: StageSpec) -> str:
    """Kargo's: the name where there is one origin, else how many of them are there."""
    items = history[0].items if history else {}
    if len(spec.requested_freight) == 1:
        return next((f.name for f in items.values()), "")
    return f"{len(items)}/{len(spec.requested_freight)} Fulfilled"
