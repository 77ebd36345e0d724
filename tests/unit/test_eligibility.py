"""May this Freight enter this Stage, and if not, why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.eligibility import availability, opens_at
from ferryman.domain.freight import Freight
from ferryman.domain.stage import Stage
from tests.pipelines import HOUR, NOW, freight, stage, standing

TEST, UAT, PROD = "test", "uat", "production"
BOTH = stage(PROD, TEST, UAT, every=True)
EITHER = stage(PROD, TEST, UAT)


def unmet(freight: Freight, stage: Stage) -> list[str]:
    """The messages, at NOW."""
    return [u.message for u in availability(freight, stage, NOW)]


def test_straight_from_the_warehouse() -> None:
    """A Stage that takes Freight directly takes all of it."""
    assert unmet(freight(1), stage(TEST)) == []


def test_only_of_an_origin_that_it_asks_for() -> None:
    """Freight of another Warehouse may not enter, even when somebody let it in."""
    foreign = freight(1, origin="base", status=standing(approved=[TEST]))
    assert unmet(foreign, stage(TEST)) == [
        "stage test takes Freight of Warehouse/app, and this one is of Warehouse/base"
    ]


def test_sources_that_name_nothing() -> None:
    """A request that is neither direct nor names a Stage lets nothing in."""
    empty = stage(TEST)
    request = empty.spec.requested_freight[0]
    closed = request.model_copy(
        update={"sources": request.sources.model_copy(update={"direct": False})}
    )
    spec = empty.spec.model_copy(update={"requested_freight": (closed,)})
    assert unmet(freight(1), empty.model_copy(update={"spec": spec})) == [
        "stage test takes Freight of Warehouse/app from nowhere: see its sources"
    ]


def test_one_upstream_suffices() -> None:
    """By default one upstream Stage that found it good is enough."""
    assert unmet(freight(1, status=standing(verified={UAT: HOUR})), EITHER) == []


def test_all_upstreams_when_asked() -> None:
    """With `All`, each that lacks is named, and Stages that nobody asked about do not matter."""
    nowhere = freight(1, status=standing(verified={"elsewhere": HOUR}))
    assert unmet(nowhere, BOTH) == ["not verified in stage test", "not verified in stage uat"]
    partly = freight(1, status=standing(verified={TEST: HOUR, "elsewhere": HOUR}))
    assert unmet(partly, BOTH) == ["not verified in stage uat"]
    assert unmet(freight(1, status=standing(verified={TEST: HOUR, UAT: HOUR})), BOTH) == []


@pytest.mark.parametrize("every", [False, True])
def test_an_approval_lets_it_in(*, every: bool) -> None:
    """Somebody let it in: neither verification nor soak is asked for."""
    approved = freight(1, status=standing(approved=[PROD]))
    assert unmet(approved, stage(PROD, TEST, UAT, soak="3h", every=every)) == []


def test_an_approval_for_another_stage_does_not() -> None:
    """An approval is for one Stage."""
    assert unmet(freight(1, status=standing(approved=[UAT])), stage(PROD, TEST)) != []


def test_soak_counts_from_entering() -> None:
    """The clock runs from entering the upstream Stage, and says when it ends (Kargo §14.4)."""
    soaking = freight(1, status=standing(here={TEST: NOW - HOUR}, verified={TEST: timedelta()}))
    (condition,) = availability(soaking, stage(PROD, TEST, soak="3h"), NOW)
    assert condition.reason == "SoakTime"
    assert condition.message == "soaks in stage test for 2h0m0s more"
    assert condition.until == NOW + 2 * HOUR
    assert availability(soaking, stage(PROD, TEST, soak="3h"), condition.until) == ()


def test_soak_without_verification_does_not_count() -> None:
    """However long it is there: what was not found good has not soaked."""
    there = freight(1, status=standing(here={TEST: NOW - 9 * HOUR}))
    assert unmet(there, stage(PROD, TEST, soak="3h")) == ["not verified in stage test"]


def test_a_completed_stay_counts_after_it_left() -> None:
    """The longest stay in a Stage is kept when Freight leaves it."""
    left = freight(1, status=standing(verified={TEST: 3 * HOUR}))
    assert unmet(left, stage(PROD, TEST, soak="3h")) == []
    assert unmet(left, stage(PROD, TEST, soak="4h")) == [
        "soaked 3h0m0s of 4h0m0s in stage test, and is not there any more"
    ]


def test_a_second_stay_starts_the_clock_again() -> None:
    """The longest single stay counts, not the sum; what is left is of the present one."""
    status = standing(here={TEST: NOW - HOUR}, verified={TEST: 2 * HOUR})
    assert unmet(freight(1, status=status), stage(PROD, TEST, soak="3h")) == [
        "soaks in stage test for 2h0m0s more"
    ]


def test_time_left_is_rounded_up_to_seconds() -> None:
    """Nobody wants to read microseconds, and 0s would be a lie."""
    since = NOW - HOUR + timedelta(microseconds=1)
    soaking = freight(1, status=standing(here={TEST: since}, verified={TEST: timedelta()}))
    assert unmet(soaking, stage(PROD, TEST, soak="1h")) == ["soaks in stage test for 1s more"]


def test_when_time_alone_opens_it() -> None:
    """Of one upstream the soonest counts, of all the last, and of none that lacks more."""
    both = {TEST: NOW - 2 * HOUR, UAT: NOW - HOUR}
    soaking = freight(1, status=standing(here=both, verified={TEST: timedelta(), UAT: timedelta()}))
    one = freight(2, status=standing(here=both, verified={TEST: timedelta()}))
    either, every = (stage(PROD, TEST, UAT, soak="3h", every=e) for e in (False, True))
    assert opens_at(soaking, either, NOW) == NOW + HOUR
    assert opens_at(soaking, every, NOW) == NOW + 2 * HOUR
    assert opens_at(one, either, NOW) == NOW + HOUR
    assert opens_at(one, every, NOW) is None
    assert opens_at(freight(3), either, NOW) is None


_stages = st.sampled_from([TEST, UAT, "elsewhere"])
_hours = st.integers(0, 5).map(lambda hours: hours * HOUR)
_statuses = st.builds(
    standing,
    here=st.dictionaries(_stages, _hours.map(lambda ago: NOW - ago)),
    verified=st.dictionaries(_stages, _hours),
    approved=st.lists(st.sampled_from([PROD, UAT])),
)
_targets = st.builds(
    stage,
    st.just(PROD),
    st.just(TEST),
    st.just(UAT),
    soak=st.sampled_from([None, "2h", "4h"]),
    every=st.booleans(),
)


@given(_statuses.map(lambda status: freight(1, status=status)), _targets)
def test_it_opens_exactly_when_it_says(shipment: Freight, target: Stage) -> None:
    """At the moment that `opens_at` names it may enter, and not a moment before."""
    moment = opens_at(shipment, target, NOW)
    if moment:
        assert moment > NOW
        assert availability(shipment, target, moment) == ()
        assert availability(shipment, target, moment - timedelta(microseconds=1)) != ()
    else:
        far = NOW + 1000 * HOUR
        assert bool(availability(shipment, target, NOW)) == bool(
            availability(shipment, target, far)
        )


@given(_statuses, _targets)
def test_asking_all_never_lets_in_more(status: object, target: Stage) -> None:
    """What enters where all upstream Stages must agree enters where one suffices."""
    shipment = freight(1).model_copy(update={"status": status})
    request = target.spec.requested_freight[0]

    def with_strategy(strategy: str) -> Stage:
        sources = request.sources.model_copy(update={"availability_strategy": strategy})
        requests = (request.model_copy(update={"sources": sources}),)
        return target.model_copy(
            update={"spec": target.spec.model_copy(update={"requested_freight": requests})}
        )

    if not availability(shipment, with_strategy("All"), NOW):
        assert not availability(shipment, with_strategy("OneOf"), NOW)
