"""What a Promotion waits for, and which decisions count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.event import Decision
from ferryman.domain.gate import GateView, Overtaking, refusal, rejection, unmet
from ferryman.domain.promotion import Phase
from tests.pipelines import HOUR, NOW

LATER = Overtaking(name="production.later", at=NOW)


def said(
    verdict: Literal["approve", "reject", "abort"] = "approve", actor: str = "ann", **more: Any
) -> Decision:
    """A decision of a signed-in person, after NOW."""
    fields = {"proven": True, "at": NOW + HOUR} | more
    return Decision(verdict=verdict, actor=actor, **fields)


def messages(required: int, *decisions: Decision, overtaken: bool = False) -> list[str]:
    """What keeps the gate shut."""
    view = GateView(required, decisions, LATER if overtaken else None)
    return [f"{u.reason}: {u.message}" for u in unmet(view)]


def test_no_policy_no_waiting() -> None:
    """A gate that asks for nobody is open."""
    assert messages(0) == []


def test_people_are_counted_once_each() -> None:
    """Two approvals are two people's."""
    assert messages(2) == ["WaitingForApproval: approval 0 of 2"]
    assert messages(2, said(), said()) == ["WaitingForApproval: approval 1 of 2"]
    assert messages(2, said(), said(actor="bob")) == []


def test_what_was_refused_does_not_count() -> None:
    """A refused approval opens nothing, and a refused rejection ends nothing."""
    assert messages(1, said(refused="too late")) != []
    assert rejection(GateView(1, [said("reject", refused="too late")])) is None


def test_a_rejection_is_found_whoever_agreed() -> None:
    """One rejection ends it, before or after approvals."""
    no = said("reject", "bob", comment="not on a Friday")
    assert rejection(GateView(1, [said(), no, said(actor="cid")])) == no


def test_overtaken_asks_again() -> None:
    """What was agreed to before something newer went in is past, policy or not."""
    old = said(at=NOW - HOUR)
    asks = ["Overtaken: overtaken by production.later; approval 0 of 1"]
    assert messages(0, overtaken=True) == asks
    assert messages(1, old, overtaken=True) == asks
    assert messages(1, old, said(), overtaken=True) == []
    assert messages(2, old, said(), overtaken=True) == [
        "Overtaken: overtaken by production.later; approval 1 of 2"
    ]


def test_the_same_person_may_agree_again_once_overtaken() -> None:
    """A second approval is a duplicate, unless the first is past."""
    old = said(at=NOW - HOUR)
    again = refusal(said(), phase=Phase.PENDING, earlier=[old])
    assert again == "ann approved it already"
    assert refusal(said(), phase=Phase.PENDING, earlier=[old], overtaken_by=LATER) == ""


def test_a_refused_approval_may_be_repeated() -> None:
    """Who was refused has not agreed yet."""
    earlier = [said(refused="the signal's input is not understood")]
    assert refusal(said(), phase=Phase.PENDING, earlier=earlier) == ""


@pytest.mark.parametrize("verdict", ["approve", "reject"])
@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.PENDING])
def test_only_what_waits_is_decided(verdict: Literal["approve", "reject"], phase: Phase) -> None:
    """Approvals and rejections come too late once it runs or has ended; the phase is named."""
    assert phase.value in refusal(said(verdict), phase=phase, earlier=[])


@pytest.mark.parametrize("phase", list(Phase))
def test_whatever_has_not_ended_may_be_aborted(phase: Phase) -> None:
    """An abort counts at the gate and in mid-step, any number of times."""
    why = refusal(said("abort"), phase=phase, earlier=[said("abort")])
    assert bool(why) == phase.terminal


@pytest.mark.parametrize("verdict", ["approve", "reject", "abort"])
def test_proof_where_it_is_needed(verdict: Literal["approve", "reject", "abort"]) -> None:
    """A server that needs proof refuses what came as claimed, and says what to use."""
    claimed = said(verdict, proven=False)
    why = refusal(claimed, phase=Phase.PENDING, earlier=[], proof_required=True)
    assert "use the API or the CLI" in why
    assert refusal(claimed, phase=Phase.PENDING, earlier=[]) == ""
    assert refusal(said(verdict), phase=Phase.PENDING, earlier=[], proof_required=True) == ""


_decisions = st.lists(
    st.builds(
        said,
        st.sampled_from(["approve", "reject", "abort"]),
        st.sampled_from(["ann", "bob", "cid"]),
        refused=st.sampled_from(["", "no"]),
        at=st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours)),
    ),
    max_size=8,
)


@given(_decisions, st.integers(0, 3), st.sampled_from([None, LATER]))
def test_more_approvals_never_shut_a_gate(
    decisions: list[Decision], required: int, later: Overtaking | None
) -> None:
    """An open gate stays open whoever else agrees, and needs as many people as it says."""
    if not unmet(GateView(required, decisions, later)):
        assert not unmet(GateView(required, [*decisions, said(actor="dan")], later))
        assert len({d.actor for d in decisions if d.verdict == "approve"}) >= required


@given(_decisions, st.integers(0, 3))
def test_being_overtaken_never_opens_a_gate(decisions: list[Decision], required: int) -> None:
    """What waits before it is overtaken waits afterwards."""
    if unmet(GateView(required, decisions)):
        assert unmet(GateView(required, decisions, LATER))
