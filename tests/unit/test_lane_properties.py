"""What holds of every decision, whatever a Stage looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.collection import carried_over
from ferryman.domain.eligibility import availability
from ferryman.domain.freight import Freight, FreightStatus
from ferryman.domain.lane import OpenPromotion, StageView, decide, turn_unmet
from ferryman.domain.promotion import Phase
from ferryman.domain.stage import FreightHistoryEntry, Health, Stage, StageStatus
from ferryman.domain.verification import verified
from tests.pipelines import APP, HOUR, NOW, freight, stage, standing

pytestmark = pytest.mark.slow

_sixty = settings(max_examples=60)
_numbers = st.integers(1, 5)
_hours = st.integers(0, 4).map(lambda hours: hours * HOUR)
_statuses = st.builds(
    standing,
    here=st.dictionaries(st.sampled_from(["staging", "uat"]), _hours.map(lambda ago: NOW - ago)),
    verified=st.dictionaries(st.sampled_from(["staging", "uat", "target"]), _hours),
    approved=st.lists(st.just("target"), max_size=1),
)


def _shipments(statuses: list[FreightStatus]) -> list[Freight]:
    return [freight(i + 1, status=status) for i, status in enumerate(statuses)]


def _target(
    after: list[str], soak: str | None, steps: list[str], current: int, health: str
) -> Stage:
    target = stage("target", *after, soak=soak, steps=steps)
    if not current:
        return target
    collection = carried_over(None, freight(current).reference(), target.spec)
    entry = FreightHistoryEntry(id=collection.id, items=collection.items)
    status = StageStatus(freight_history=(entry,), health=Health.load({"status": health}))
    return target.model_copy(update={"status": status})


_targets = st.builds(
    _target,
    st.lists(st.sampled_from(["staging", "uat"]), unique=True),
    st.sampled_from([None, "2h"]),
    st.sampled_from([[], ["git-push"]]),
    st.integers(0, 5),
    st.sampled_from(["Healthy", "Unknown"]),
)
_open = st.lists(
    st.tuples(_numbers, st.booleans(), st.sampled_from(["", "hold", "resume"])), max_size=4
).map(
    lambda found: [
        OpenPromotion(f"target.{i}", freight(number).name, ready, str(APP), hold)
        for i, (number, ready, hold) in enumerate(found)
    ]
)


@st.composite
def _views(draw: st.DrawFn) -> StageView:
    coming = draw(_open)
    turns = ["", *(p.name for p in coming if p.ready)]
    phases = st.sampled_from([p for p in Phase if p.terminal])
    return StageView(
        stage=draw(_targets),
        freight=_shipments(draw(st.lists(_statuses, max_size=5))),
        auto_promotion=draw(st.booleans()),
        open=coming,
        last_phase=draw(st.dictionaries(_numbers.map(lambda n: freight(n).name), phases)),
        held=draw(st.sampled_from([frozenset(), frozenset({str(APP)})])),
        turn=draw(st.sampled_from(turns)),
    )


@_sixty
@given(_views())
def test_what_is_promoted_may_enter_and_has_not_failed(view: StageView) -> None:
    """No Freight is promoted by itself that may not enter, failed last, is there or on its way."""
    current = view.stage.status.current
    here = {f.name for f in current.items.values()} if current else set()
    for chosen in decide(view, NOW).promote:
        assert view.auto_promotion
        assert not view.stage.spec.control_flow
        assert availability(chosen, view.stage, NOW) == ()
        assert view.last_phase.get(chosen.name, Phase.SUCCEEDED) is Phase.SUCCEEDED
        assert chosen.name not in here | {p.freight for p in view.open}


@_sixty
@given(_views())
def test_a_turn_that_is_taken_is_never_given(view: StageView) -> None:
    """At most one Promotion has the turn, and it is one that is ready."""
    given_to = decide(view, NOW).turn
    if view.turn:
        assert given_to == ""
    elif given_to:
        assert given_to == min(p.name for p in view.open if p.ready)


@_sixty
@given(_views())
def test_at_most_one_goes_in(view: StageView) -> None:
    """Of all that ask at the same moment, one may go in at most, and it holds any turn given."""
    going_in = [
        p.name
        for p in view.open
        if p.ready and not turn_unmet(view.stage, p.name, view.turn, view.open)
    ]
    assert len(going_in) <= 1
    if view.turn:
        assert going_in == [view.turn]


@_sixty
@given(_views())
def test_deciding_again_changes_nothing(view: StageView) -> None:
    """Once a decision is carried out, the same look gives nothing more to do."""
    first = decide(view, NOW)
    created = [
        OpenPromotion(f"target.{9 + i}", f.name, ready=False, origin=str(f.origin))
        for i, f in enumerate(first.promote)
    ]
    marked = [
        f.model_copy(update={"status": _verified(f.status)}) if f.name in first.verified else f
        for f in view.freight
    ]
    done = replace(
        view,
        stage=_checked(view.stage) if first.verified else view.stage,
        freight=marked,
        open=[*view.open, *created],
        turn=view.turn or first.turn,
    )
    second = decide(done, NOW)
    assert (second.promote, second.turn, second.verified) == ((), "", ())
    assert second.wake_at == first.wake_at


@_sixty
@given(_views())
def test_it_never_wakes_for_nothing(view: StageView) -> None:
    """The time to wake at is ahead, and then something has become available."""
    wake_at = decide(view, NOW).wake_at
    if wake_at:
        assert wake_at > NOW
        moment = timedelta(microseconds=1)

        def entering(at: timedelta) -> set[str]:
            return {f.name for f in view.freight if not availability(f, view.stage, wake_at + at)}

        assert entering(timedelta()) > entering(-moment)


def _verified(status: FreightStatus) -> FreightStatus:
    marks = standing(verified={"target": timedelta()}).verified_in
    return status.model_copy(update={"verified_in": status.verified_in | marks})


def _checked(target: Stage) -> Stage:
    current = target.status.current
    names = [f.name for f in current.items.values()] if current else []
    return target.model_copy(update={"status": verified(target.status, names, NOW)})
