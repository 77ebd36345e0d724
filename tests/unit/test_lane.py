"""What a Stage does next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ferryman.domain.collection import carried_over
from ferryman.domain.freight import Freight
from ferryman.domain.lane import OpenPromotion, StageView, candidate, decide, turn_unmet
from ferryman.domain.promotion import Phase
from ferryman.domain.stage import FreightHistoryEntry, Health, Stage, StageStatus, Verification
from tests.pipelines import APP, HOUR, NOW, freight, stage, standing

F1, F2, F3 = freight(1), freight(2), freight(3)
DEV = stage("development")
PROD = stage("production", "staging")


def having(target: Stage, *items: Freight, health: str = "Healthy", verified: bool = True) -> Stage:
    """The Stage with Freight in it."""
    collection = carried_over(None, items[0].reference(), target.spec)
    checks = (Verification(id="x", phase="Successful"),) if verified else ()
    entry = FreightHistoryEntry(
        id=collection.id,
        items={str(f.origin): f.reference() for f in items},
        verification_history=checks,
    )
    status = StageStatus(freight_history=(entry,), health=Health.load({"status": health}))
    return target.model_copy(update={"status": status})


def view(target: Stage, *shipments: Freight, auto: bool = True, **more: Any) -> StageView:
    """What the lane looks at; auto-promotion is on."""
    return StageView(stage=target, freight=shipments, auto_promotion=auto, **more)


def promoted(looked_at: StageView) -> Sequence[str]:
    """The tags that the lane promotes by itself, at NOW."""
    return [f.images[0].tag for f in decide(looked_at, NOW).promote]


def going(name: str, shipment: Freight, *, ready: bool = True, hold: str = "") -> OpenPromotion:
    """A Promotion under way."""
    return OpenPromotion(name, shipment.name, ready, origin=str(shipment.origin), hold=hold)


def test_the_newest_is_promoted() -> None:
    """Newest by discovery, in whatever order they are listed (Kargo §14.2)."""
    late = freight(1, at=NOW + HOUR)
    assert promoted(view(DEV, F2, late, F3)) == ["1.1.0"]


def test_nothing_without_a_policy() -> None:
    """Auto-promotion is off unless a policy turns it on."""
    assert promoted(view(DEV, F1, auto=False)) == []


def test_what_is_there_is_let_be() -> None:
    """What the Stage has is not promoted again."""
    assert promoted(view(having(DEV, F1), F1)) == []
    assert promoted(view(having(DEV, F1), F1, F2)) == ["1.2.0"]


def test_what_is_on_its_way_is_let_be() -> None:
    """One Promotion of a Freight at a time, whether it waits or runs."""
    assert promoted(view(DEV, F1, open=[going("a", F1, ready=False)])) == []
    assert promoted(view(DEV, F1, F2, open=[going("a", F1)])) == ["1.2.0"]


@pytest.mark.parametrize("phase", [p for p in Phase if p.terminal and p is not Phase.SUCCEEDED])
def test_what_failed_is_not_tried_again(phase: Phase) -> None:
    """Nor is anything older taken instead (Kargo §14.15)."""
    assert promoted(view(DEV, F1, F2, last_phase={F2.name: phase})) == []
    assert promoted(view(DEV, F1, F2, F3, last_phase={F2.name: phase})) == ["1.3.0"]


def test_what_succeeded_once_may_come_back() -> None:
    """After a rollback without a hold, the newest is promoted again (Kargo §14.15)."""
    looked_at = view(having(DEV, F1), F1, F2, last_phase={F2.name: Phase.SUCCEEDED})
    assert promoted(looked_at) == ["1.2.0"]


def test_a_hold_keeps_it_off() -> None:
    """An origin on hold is a person's."""
    assert promoted(view(having(DEV, F1), F1, F2, held=frozenset({str(APP)}))) == []
    assert promoted(view(having(DEV, F1), F1, F2, held=frozenset({"Warehouse/base"}))) != []


def test_a_hold_on_its_way_in_counts_already() -> None:
    """While a rollback by hand runs, nothing newer queues behind it; a resume lifts the hold."""
    back, resume = going("a", F1, hold="hold"), going("b", F2, hold="resume")
    assert promoted(view(having(DEV, F2), F1, F2, F3, open=[back])) == []
    assert promoted(view(having(DEV, F2), F1, F2, F3, open=[back, resume])) == ["1.3.0"]
    held = frozenset({str(APP)})
    assert promoted(view(having(DEV, F1), F1, F2, F3, open=[resume], held=held)) == ["1.3.0"]


def test_a_hold_that_waits_for_people_does_not_count_yet() -> None:
    """A rollback that nobody has agreed to must not stop everything newer."""
    waiting = going("a", F1, ready=False, hold="hold")
    assert promoted(view(having(DEV, F2), F1, F2, F3, open=[waiting])) == ["1.3.0"]


def test_each_origin_by_itself() -> None:
    """A Stage that takes two origins promotes the newest of each."""
    both = stage("development", origins=("app", "base"))
    base = freight(9, origin="base")
    assert promoted(view(both, F1, F2, base)) == ["1.2.0", "1.9.0"]


def test_following_upstream() -> None:
    """With MatchUpstream the candidate is what the upstream Stage has, not the newest."""
    follower = stage("production", "staging", match_upstream=True)
    verified = {"staging": HOUR}
    there = freight(1, status=standing(here={"staging": NOW}, verified=verified))
    newer = freight(2, status=standing(verified=verified))
    assert promoted(view(follower, there, newer)) == ["1.1.0"]
    also = freight(3, status=standing(here={"staging": NOW}, verified=verified))
    assert promoted(view(follower, there, newer, also)) == []
    approved = freight(4, status=standing(approved=["production"]))
    assert promoted(view(follower, approved)) == []


def test_it_wakes_when_something_newer_has_soaked() -> None:
    """The lane sleeps until the newest becomes available, and takes what is available now."""
    soaking = stage("production", "staging", soak="3h")
    ripe = freight(1, status=standing(verified={"staging": 3 * HOUR}))
    status = standing(here={"staging": NOW - HOUR}, verified={"staging": timedelta()})
    decision = decide(view(soaking, ripe, freight(2, status=status)), NOW)
    assert [f.name for f in decision.promote] == [ripe.name]
    assert decision.wake_at == NOW + 2 * HOUR
    assert decide(view(soaking, ripe, freight(2, status=status), auto=False), NOW).wake_at is None


def test_it_wakes_although_another_upstream_lacks() -> None:
    """Where one upstream suffices, its soak time ends the wait whatever the others say."""
    soaking = stage("production", "staging", "uat", soak="3h")
    status = standing(here={"staging": NOW - HOUR}, verified={"staging": timedelta()})
    assert decide(view(soaking, freight(1, status=status)), NOW).wake_at == NOW + 2 * HOUR


def test_a_control_flow_stage_passes_on_what_reaches_it() -> None:
    """All that is available is verified at once, and nothing is promoted."""
    joint = stage("joint", "a", "b", steps=(), soak="1h")
    ripe = freight(1, status=standing(verified={"a": HOUR}))
    passed = freight(2, status=standing(verified={"a": HOUR, "joint": timedelta()}))
    soaking = freight(3, status=standing(here={"b": NOW}, verified={"b": timedelta()}))
    decision = decide(view(joint, ripe, passed, soaking, auto=True), NOW)
    assert decision.promote == ()
    assert decision.verified == (ripe.name,)
    assert decision.wake_at == NOW + HOUR


def test_a_healthy_stage_verifies_what_it_has() -> None:
    """Without `verification` all that a healthy Stage has is good, each time anew (§14.45, 48)."""
    fresh = having(DEV, F1, verified=False)
    assert decide(view(fresh, F1), NOW).verified == (F1.name,)
    before = freight(1, status=standing(verified={"development": HOUR}))
    assert decide(view(fresh, before), NOW).verified == (F1.name,)
    assert decide(view(having(DEV, F1), F1), NOW).verified == ()


@pytest.mark.parametrize("health", ["Unknown", "Unhealthy", "Progressing", "NotApplicable"])
def test_a_stage_that_is_not_healthy_verifies_nothing(health: str) -> None:
    """Nothing goes downstream from a Stage that does not fare well (Kargo §14.45)."""
    assert decide(view(having(DEV, F1, health=health, verified=False), F1), NOW).verified == ()


def test_the_turn_goes_to_the_first_that_is_ready() -> None:
    """In order of creation, past those that wait at their gates, and to one only."""
    waiting, first, second = going("a", F1, ready=False), going("b", F2), going("c", F3)
    assert decide(view(DEV, open=[waiting, first, second]), NOW).turn == "b"
    assert decide(view(DEV, open=[waiting]), NOW).turn == ""
    assert decide(view(DEV, open=[first, second], turn="c"), NOW).turn == ""


def test_going_in() -> None:
    """It goes in when the turn is its own, or nobody's and nobody ready stands before it."""
    first, second = going("b", F2), going("c", F3)
    waiting = going("a", F1, ready=False)
    assert turn_unmet(DEV, "b", "b", [first, second]) == ()
    assert turn_unmet(DEV, "b", "", [waiting, first, second]) == ()
    (behind,) = turn_unmet(DEV, "c", "", [waiting, first, second])
    assert (behind.reason, behind.message) == ("Turn", "the turn is b's")
    (taken,) = turn_unmet(DEV, "b", "c", [first, second])
    assert taken.message == "the turn is c's"


def test_who_has_not_been_judged_may_be_ready_at_any_moment() -> None:
    """Nobody who came later goes in, or is given the turn, before it has been looked at."""
    new = replace(going("a", F1, ready=False), judged=False)
    later = going("b", F2)
    assert decide(view(DEV, open=[new, later]), NOW).turn == ""
    (behind,) = turn_unmet(DEV, "b", "", [new, later])
    assert behind.message == "the turn is a's"
    assert turn_unmet(DEV, "a", "", [new, later]) == ()


def test_what_is_there_is_verified_before_it_is_replaced() -> None:
    """Else it would never go on downstream; an unhealthy Stage may be mended (Kargo §14.13)."""
    (waits,) = turn_unmet(having(DEV, F1, verified=False), "b", "", [])
    assert waits.message == "stage development verifies what it has first"
    assert turn_unmet(having(DEV, F1), "b", "", []) == ()
    assert turn_unmet(having(DEV, F1, verified=False, health="Unknown"), "b", "", []) == ()


def test_the_candidate_for_people() -> None:
    """Promoting an origin by name takes what auto-promotion would, on or off."""
    chosen, _ = candidate(view(DEV, F1, F2, auto=False), APP, NOW)
    assert chosen == F2
    assert candidate(view(PROD, F1, F2, auto=False), APP, NOW) == (None, None)
