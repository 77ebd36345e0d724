"""The Sweep finds due work whose nudge was lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.sweeping import Sweeping
from ferryman.domain.errors import ConflictError
from ferryman.domain.plan import Moment, SweepOutcome
from ferryman.domain.ports import Presence
from ferryman.domain.warehouse import DiscoveredArtifacts, SubscriptionStatus
from tests.crew import Crew
from tests.fakes.nudges import RecordingNudges
from tests.pipelines import PROJECT, freight, pipeline, stage


class Broom:
    """Sweeps."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.nudges = RecordingNudges()
        self.sweeping = Sweeping(crew.store, self.nudges, timedelta(seconds=10))

    async def sweep(self) -> SweepOutcome:
        """Sweep once."""
        self.nudges.sent.clear()
        moment = Moment(project="", name="", now=self.crew.later())
        running = ActivityEnvironment().run(self.sweeping.sweep, moment)
        outcome: SweepOutcome = await running
        return outcome

    def woken(self, kind: str) -> list[str]:
        """Whom the last sweep woke."""
        return [nudge[2] for nudge in self.nudges.sent if nudge[0] == kind]

    async def discovered(self, *subscriptions: SubscriptionStatus) -> None:
        """The Warehouse was discovered just now; so its subscriptions fared."""
        now = self.crew.later()
        await self.crew.store.discoveries.record(
            PROJECT,
            "app",
            found=DiscoveredArtifacts(discovered_at=now),
            freight="",
            conditions=[],
            subscriptions=subscriptions,
            now=now,
        )


@pytest.fixture
def broom(crew: Crew) -> Broom:
    """Who sweeps."""
    return Broom(crew)


async def test_stages_that_would_act(broom: Broom) -> None:
    """Freight that nobody was told of is promoted; then there is nothing to do."""
    await broom.crew.declare(*pipeline("development"))
    await broom.crew.mint(freight(1))
    assert (await broom.sweep()).stages == 1
    assert [name.split(".")[0] for name in broom.woken("promotion")] == ["development"]
    assert (await broom.sweep()).stages == 0


async def test_promotions_whose_nudge_was_lost(broom: Broom) -> None:
    """What was not looked at for a while and would go on is woken; what has ended is not."""
    await broom.crew.declare(*pipeline())
    await broom.crew.mint(freight(1), freight(2))
    done = await broom.crew.carry("development", freight(1))
    name = await broom.crew.promote("development", freight(2))
    assert (await broom.sweep()).promotions == 0
    broom.crew.later(minutes=1)
    assert (await broom.sweep()).promotions == 1
    assert name in broom.woken("promotion")
    assert done not in broom.woken("promotion")


async def test_what_waits_for_people_is_let_sleep(broom: Broom) -> None:
    """A Promotion at its gate is not woken by any sweep, until somebody agreed."""
    await broom.crew.declare(*pipeline(approvals=1))
    await broom.crew.mint(freight(1))
    await broom.crew.approve(freight(1), "production")
    name = await broom.crew.promote("production", freight(1))
    assert (await broom.crew.admit(name)).state == "waiting"
    for _ in range(5):
        broom.crew.later(minutes=1)
        assert (await broom.sweep()).promotions == 0
    await broom.crew.say(name)
    broom.crew.later(minutes=1)
    assert (await broom.sweep()).promotions == 1


@pytest.mark.parametrize(("presence", "woken"), [("absent", 1), ("idle", 1), ("busy", 0)])
async def test_steps_that_nobody_runs(broom: Broom, presence: Presence, woken: int) -> None:
    """Where SQL says that a step runs, Temporal must have something done for it."""
    await broom.crew.declare(*pipeline())
    await broom.crew.mint(freight(1))
    name = await broom.crew.promote("development", freight(1))
    await broom.crew.admit(name)
    await broom.crew.claim(name)
    broom.nudges.presences["promotion", PROJECT, name] = presence
    broom.crew.later(minutes=1)
    assert (await broom.sweep()).promotions == woken


@pytest.mark.parametrize(("presence", "woken"), [("absent", ["staging"]), ("idle", [])])
async def test_a_lane_that_waits(broom: Broom, presence: Presence, woken: list[str]) -> None:
    """A lane that sleeps until the end of a soak time is not woken; one that is gone is started."""
    soaking = stage("staging", "development", soak="24h")
    await broom.crew.declare(*pipeline("staging"), soaking)
    await broom.crew.mint(freight(1))
    await broom.crew.carry("development", freight(1))
    broom.nudges.presences["stage", PROJECT, "staging"] = presence
    await broom.sweep()
    assert broom.woken("stage") == woken


async def test_warehouses_that_are_overdue(broom: Broom) -> None:
    """A Warehouse is overdue when never discovered, changed, or two intervals late."""
    await broom.crew.declare(*pipeline())
    assert (await broom.sweep()).warehouses == 1
    assert broom.woken("watch") == broom.woken("warehouse") == ["app"]
    await broom.discovered()
    assert (await broom.sweep()).warehouses == 0
    broom.crew.later(minutes=11)
    assert (await broom.sweep()).warehouses == 1


async def test_what_failed_is_looked_at_again(broom: Broom) -> None:
    """A Warehouse is overdue when the pause of a subscription that failed is over."""
    await broom.crew.declare(*pipeline())
    at = broom.crew.now + timedelta(minutes=1)
    await broom.discovered(SubscriptionStatus(fingerprint="f", next_attempt_at=at))
    assert (await broom.sweep()).warehouses == 0
    broom.crew.later(minutes=1)
    assert (await broom.sweep()).warehouses == 1


async def test_one_bad_stage(broom: Broom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Stage that cannot be decided about does not keep the others asleep."""
    await broom.crew.declare(*pipeline("development"))
    await broom.crew.mint(freight(1))
    lanes = broom.crew.store.lanes
    decide = lanes.decide

    async def moody(project: str, name: str, **more: object) -> object:
        if name != "development":
            raise ConflictError("not today")
        return await decide(project, name, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(lanes, "decide", moody)
    assert (await broom.sweep()).stages == 1
