"""Lanes: what a Stage does next, decided and done."""

from __future__ import annotations

import pytest

from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepStatus
from ferryman.storage.lanes import Decided
from ferryman.storage.steps import StepEnd
from tests.crew import Crew
from tests.pipelines import HOUR, config, freight, pipeline, stage

F1, F2 = freight(1), freight(2)
DEV, STAGING, PROD = "development", "staging", "production"


async def test_a_release_goes_down_the_line_by_itself(crew: Crew) -> None:
    """Each Stage takes what the one before it has verified, and wakes the one after it."""
    await crew.declare(*pipeline(DEV, STAGING, PROD))
    await crew.mint(F1)
    for name, downstream in ((DEV, STAGING), (STAGING, PROD), (PROD, None)):
        decided = await crew.decide(name)
        (promotion,) = decided.promotions
        assert await crew.run(promotion) is Phase.SUCCEEDED
        woken = await crew.store.lanes.downstream(crew.project, name)
        assert woken == ((downstream,) if downstream else ())
    status = (await crew.freight(F1)).status
    assert set(status.verified_in) == set(status.currently_in) == {DEV, STAGING, PROD}
    verified = [e for e in await crew.events() if e.startswith("FreightVerification")]
    assert verified[0] == "FreightVerificationSucceeded: verified in stage development"
    assert len(verified) == 3


async def test_deciding_again_does_nothing(crew: Crew) -> None:
    """A nudge too many costs nothing."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1)
    await crew.decide(DEV)
    before = await crew.stage(DEV), await crew.events()
    assert await crew.decide(DEV) == Decided()
    assert (await crew.stage(DEV), await crew.events()) == before


async def test_a_stage_that_is_gone(crew: Crew) -> None:
    """Deciding for what does not exist does nothing, and leaves nothing."""
    await crew.declare(*pipeline())
    assert await crew.decide("elsewhere") == Decided()
    await crew.delete("Stage", DEV)
    assert await crew.decide(DEV) == Decided()
    await crew.delete("Project", "shop")
    assert await crew.decide(STAGING) == Decided()


@pytest.mark.parametrize("ending", [StepStatus.FAILED, StepStatus.ERRORED])
async def test_what_failed_is_not_tried_again(crew: Crew, ending: StepStatus) -> None:
    """Neither it nor anything older is promoted by itself; something newer is (§14.15)."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1, F2)
    (name,) = (await crew.decide(DEV)).promotions
    await crew.run(name, StepEnd(ending))
    assert (await crew.decide(DEV)).promotions == ()
    newer = freight(3)
    await crew.mint(newer)
    (name,) = (await crew.decide(DEV)).promotions
    assert (await crew.promotion(name)).spec.freight == newer.name


async def test_what_failed_in_a_stage_of_that_name_before(crew: Crew) -> None:
    """A Stage that was deleted and declared anew starts afresh."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1)
    (name,) = (await crew.decide(DEV)).promotions
    await crew.run(name, StepEnd(StepStatus.FAILED))
    await crew.delete("Stage", DEV)
    await crew.declare(stage(DEV))
    assert len((await crew.decide(DEV)).promotions) == 1


async def test_soak(crew: Crew) -> None:
    """The lane names the time at which something becomes available, and takes it then."""
    await crew.declare(*pipeline(DEV, STAGING), stage(STAGING, DEV, soak="3h"))
    await crew.mint(F1)
    await crew.carry(DEV, F1)
    since = (await crew.freight(F1)).status.currently_in[DEV].since
    waiting = await crew.decide(STAGING)
    assert (waiting.promotions, waiting.wake_at) == ((), since + 3 * HOUR)
    crew.now = since + 3 * HOUR
    assert len((await crew.decide(STAGING)).promotions) == 1


async def test_a_completed_soak_outlasts_leaving(crew: Crew) -> None:
    """What soaked long enough may enter after something newer took its place upstream."""
    await crew.declare(*pipeline(), stage(STAGING, DEV, soak="3h"))
    await crew.mint(F1, F2)
    await crew.carry(DEV, F1)
    crew.later(hours=2)
    await crew.carry(DEV, F2)
    left = (await crew.freight(F1)).status
    assert left.currently_in == {}
    assert 2 * HOUR < left.verified_in[DEV].longest_soak < 3 * HOUR
    await crew.carry(DEV, F1)
    crew.later(hours=4)
    await crew.carry(DEV, F2)
    assert (await crew.freight(F1)).status.verified_in[DEV].longest_soak > 4 * HOUR
    assert await crew.promote(STAGING, F1)


async def test_promoting_the_same_again_keeps_its_stay(line: Crew) -> None:
    """The soak clock does not begin anew, and the first verification keeps its time (§14.39b)."""
    await line.mint(F1)
    await line.carry(DEV, F1)
    before = (await line.freight(F1)).status
    line.later(hours=1)
    await line.carry(DEV, F1)
    assert (await line.freight(F1)).status == before


async def test_a_control_flow_stage_passes_on_what_reaches_it(crew: Crew) -> None:
    """All at once, once; and the Stages behind it are woken."""
    await crew.declare(*pipeline(), stage("joint", DEV, steps=()), stage("behind", "joint"))
    await crew.mint(F1, F2)
    assert await crew.decide("joint") == Decided()
    for shipment in (F1, F2):
        await crew.carry(DEV, shipment)
    assert await crew.decide("joint") == Decided(stages=("behind",))
    assert await crew.decide("joint") == Decided()
    status = (await crew.freight(F1)).status
    assert "joint" in status.verified_in
    assert "joint" not in status.currently_in


async def test_a_control_flow_stage_waits_for_soak(crew: Crew) -> None:
    """It looks again when the soak time is over, though it promotes nothing."""
    await crew.declare(*pipeline(), stage("joint", DEV, steps=(), soak="1h"))
    await crew.mint(F1)
    await crew.carry(DEV, F1)
    moment = (await crew.decide("joint")).wake_at
    assert moment
    crew.now = moment
    await crew.decide("joint")
    assert "joint" in (await crew.freight(F1)).status.verified_in


async def test_it_says_whether_it_promotes_by_itself(crew: Crew) -> None:
    """The Stage's status shows the policy, and which version of the Stage was looked at."""
    await crew.declare(*pipeline(DEV))
    await crew.decide(DEV)
    status = (await crew.stage(DEV)).status
    assert (status.auto_promotion_enabled, status.observed_generation) == (True, 1)
    await crew.declare(config())
    await crew.decide(DEV)
    assert not (await crew.stage(DEV)).status.auto_promotion_enabled


async def test_following_upstream(crew: Crew) -> None:
    """With MatchUpstream, what the upstream Stage has is taken, not the newest verified there."""
    await crew.declare(*pipeline(STAGING), stage(STAGING, DEV, match_upstream=True))
    await crew.mint(F1, F2)
    await crew.carry(DEV, F2)
    await crew.carry(DEV, F1)
    (name,) = (await crew.decide(STAGING)).promotions
    assert (await crew.promotion(name)).spec.freight == F1.name
