"""What a Stage's status tells of its Promotions and verifications."""

from __future__ import annotations

from ferryman.domain.collection import carried_over
from ferryman.domain.freight import Freight
from ferryman.domain.promotion import FreightCollection, Phase, Unmet
from ferryman.domain.stage import PromotionResult, PromotionSummary, Stage, StageStatus
from ferryman.domain.verification import began, ended, running_on, unverified, verified, waiting
from tests.pipelines import HOUR, NOW, freight, stage

F1, F2 = freight(1), freight(2)
DEV = stage("development")
BOTH = stage("development", origins=("app", "base"))


def brought(shipment: Freight, target: Stage = DEV) -> FreightCollection:
    """What a Promotion brings into an empty Stage."""
    return carried_over(None, shipment.reference(), target.spec)


def succeeded(status: StageStatus, shipment: Freight, target: Stage = DEV) -> StageStatus:
    """The status after a Promotion that went well."""
    summary = PromotionSummary(name="p", status=PromotionResult(phase=Phase.SUCCEEDED))
    return ended(status, summary, brought(shipment, target), target.spec, NOW)


def holding(status: StageStatus, target: Stage = DEV) -> Stage:
    """The Stage in that status."""
    return target.model_copy(update={"status": status})


def test_while_a_promotion_runs() -> None:
    """It is named, and nothing is known of the Stage's health."""
    status = began(StageStatus(), PromotionSummary(name="p"), NOW)
    (promoting,) = status.conditions
    assert (promoting.status, promoting.reason, promoting.message) == (
        "True",
        "ActivePromotion",
        "p",
    )
    assert status.health
    assert status.health.status == "Unknown"


def test_waiting_is_shown_and_passes() -> None:
    """The condition says for what; it changes its reason, not its state, so its time stays."""
    running = began(StageStatus(), PromotionSummary(name="p"), NOW)
    stalled = waiting(running, Unmet(reason="WaitingForCredentials", message="apply"), NOW + HOUR)
    assert stalled.conditions[0].reason == "WaitingForCredentials"
    assert stalled.conditions[0].last_transition_time == NOW
    assert running_on(stalled) == running


def test_a_success_is_verified_once() -> None:
    """A healthy Stage without verification awaits it, gets a record, and awaits it no more."""
    status = succeeded(StageStatus(), F1)
    assert unverified(holding(status))
    done = verified(status, [F1.name], NOW)
    assert not unverified(holding(done))
    assert done.current
    assert [v.phase for v in done.current.verification_history] == ["Successful"]
    assert {c.type: c.status for c in done.conditions}["Verified"] == "True"


def test_what_it_has_not_is_not_verified_there() -> None:
    """Somebody else's Freight changes nothing."""
    status = succeeded(StageStatus(), F1)
    assert verified(status, [F2.name], NOW) == status
    assert verified(StageStatus(), [F2.name], NOW) == StageStatus()


def test_the_same_again_is_verified_again() -> None:
    """Every success is an entry of its own (Kargo §14.48)."""
    once = verified(succeeded(StageStatus(), F1), [F1.name], NOW)
    twice = succeeded(once, F1)
    assert len(twice.freight_history) == 2
    assert unverified(holding(twice))


def test_a_stage_that_asks_for_verification_is_not_verified_by_health() -> None:
    """Its analyses say whether it is good, and they are not run yet."""
    asks = DEV.spec.model_copy(update={"verification": {}})
    target = holding(succeeded(StageStatus(), F1)).model_copy(update={"spec": asks})
    assert not unverified(target)


def test_the_summary() -> None:
    """One origin: its Freight. Several: how many of them are there."""
    assert succeeded(StageStatus(), F1).freight_summary == F1.name
    assert succeeded(StageStatus(), F1, BOTH).freight_summary == "1/2 Fulfilled"
    failed = PromotionSummary(name="p", status=PromotionResult(phase=Phase.FAILED, message="no"))
    assert ended(StageStatus(), failed, None, BOTH.spec, NOW).freight_summary == "0/2 Fulfilled"
    assert ended(StageStatus(), failed, None, DEV.spec, NOW).freight_summary == ""


def test_promotions_are_told_as_kargo_does() -> None:
    """Phase and message stand under `status`, also of a Stage that was stored before they did."""
    told = {"name": "p", "status": {"phase": "Failed", "message": "no"}}
    for stored in (told, {"name": "p", "phase": "Failed", "message": "no"}):
        assert StageStatus.load({"lastPromotion": stored}).dump()["lastPromotion"] == told


def test_carrying_over() -> None:
    """The other origins stay; one that is not asked for any more goes (Kargo §14.20)."""
    base = freight(7, origin="base")
    first = carried_over(None, base.reference(), BOTH.spec)
    second = carried_over(first, F1.reference(), BOTH.spec)
    assert list(second.items) == ["Warehouse/app", "Warehouse/base"]
    assert list(carried_over(second, F2.reference(), DEV.spec).items) == ["Warehouse/app"]


def test_the_identity_of_a_collection() -> None:
    """The SHA-1 of the sorted names, joined by commas (Kargo §1.6)."""
    base = freight(7, origin="base")
    one_way = carried_over(brought(base, BOTH), F1.reference(), BOTH.spec)
    other_way = carried_over(brought(F1, BOTH), base.reference(), BOTH.spec)
    assert one_way == other_way
    assert one_way.id != brought(F1).id
