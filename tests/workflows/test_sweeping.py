"""The Sweep and workflows that wait: it looks without waking, and mends what was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import RawValue
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.control import Control
from activities.sweeping import Sweeping
from ferryman.domain import names
from ferryman.domain.plan import Moment, SweepOutcome
from ferryman.domain.promotion import Phase
from ferryman.domain.resource import Resource
from ferryman.domain.warehouse import DiscoveredArtifacts
from ferryman.settings import new_key
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from starter.nudges import TemporalNudges
from tests.crew import Crew
from tests.pipelines import PROJECT, freight, pipeline, stage
from tests.workflows.conftest import temporal_now
from tests.workflows.script import QUEUE
from worker.registrations import WORKFLOWS

# Once in some fifty times, a worker that ends waits for a minute until its last poll has ended.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
_MINUTE = timedelta(minutes=1)
_HALF_AN_HOUR = timedelta(minutes=30)
_A_DAY = 48
"""Sweeps; so few that the test is short, half an hour apart."""
_AT_THE_GATE = 20
"""Events, at most: 11 if no task comes late; it started, was nudged, asked, and waits."""
_AT_REST = {EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EventType.EVENT_TYPE_TIMER_STARTED}


@activity.defn(dynamic=True)
async def _step(_: Sequence[RawValue]) -> None:
    """Any step: it runs for as long as the test."""
    await asyncio.Event().wait()


class House:
    """A store, its control activities, and a broom."""

    def __init__(self, client: Client, store: Store) -> None:
        self.client = client
        self.crew = Crew(store)
        self.nudges = TemporalNudges(client)
        self.sweeping = Sweeping(store, self.nudges, timedelta(days=2))
        self.control = Control(store, self.nudges, {})

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker that does what the workflows ask for."""
        control = self.control
        activities: list[Callable[..., Any]] = [
            *(control.admit, control.settle, control.decide),
            _step,
        ]
        async with Worker(
            self.client, task_queue=QUEUE, workflows=WORKFLOWS, activities=activities
        ):
            yield

    async def sweep(self, *, after: timedelta = _MINUTE) -> SweepOutcome:
        """Let time pass, and sweep once."""
        moment = Moment(project="", name="", now=self.crew.later(seconds=after.total_seconds()))
        running = ActivityEnvironment().run(self.sweeping.sweep, moment)
        outcome: SweepOutcome = await running
        return outcome

    async def declare(self, *resources: Resource) -> None:
        """Apply, with a Warehouse that needs no look: this server has no schedules."""
        await self.crew.declare(*resources)
        now = self.crew.later()
        seen = DiscoveredArtifacts(discovered_at=now)
        record = self.crew.store.discoveries.record
        await record(
            PROJECT, "app", found=seen, freight="", conditions=[], subscriptions=(), now=now
        )

    async def waiting(self) -> str:
        """A Promotion that waits at its gate, and whose workflow knows."""
        await self.declare(*pipeline(approvals=1))
        await self.crew.mint(freight(1))
        await self.crew.approve(freight(1), "production")
        name = await self.crew.promote("production", freight(1))
        await self.nudges.promotion(PROJECT, name)
        await becomes(partial(self.told, name))
        await becomes(partial(asleep, self.workflow(name)))
        return name

    async def told(self, name: str) -> bool:
        """Has it said what it waits for?"""
        return bool((await self.crew.promotion(name)).status.waiting)

    async def runs(self, name: str) -> bool:
        """Has it gone in?"""
        return (await self.crew.promotion(name)).status.phase is Phase.RUNNING

    def workflow(self, name: str) -> WorkflowHandle[Any, Any]:
        """The newest of a Promotion."""
        return self.client.get_workflow_handle(names.promotion_workflow_id(PROJECT, name))


async def becomes(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once it holds; raises TimeoutError if it does not soon."""
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.01)


async def asleep(handle: WorkflowHandle[Any, Any]) -> bool:
    """Does it wait, with nothing done for it?"""
    last = (await handle.fetch_history()).events[-1]
    return last.event_type in _AT_REST


async def length(handle: WorkflowHandle[Any, Any]) -> int:
    """Events in its history."""
    return len((await handle.fetch_history()).events)


@pytest_asyncio.fixture(loop_scope="module")
async def house(temporal: Client, tmp_path: Path) -> AsyncIterator[House]:
    """An empty one, at the server's time."""
    database = Database(f"sqlite:///{tmp_path}/ferryman.db")
    await migrate(database)
    store = Store(database, Vault(new_key()))
    house = House(temporal, store)
    house.crew.now = await temporal_now(temporal)
    async with house.working():
        yield house
    await store.close()


async def test_a_day_at_the_gate(house: House) -> None:
    """However often the Sweep comes by, waiting adds nothing to a Promotion's history."""
    name = await house.waiting()
    before = await length(house.workflow(name))
    for _ in range(_A_DAY):
        assert (await house.sweep(after=_HALF_AN_HOUR)).promotions == 0
    assert await length(house.workflow(name)) == before < _AT_THE_GATE


async def test_an_approval_whose_nudge_was_lost(house: House) -> None:
    """The process that took the approval died before it could signal; the next sweep does."""
    name = await house.waiting()
    await house.crew.say(name)
    assert (await house.sweep()).promotions == 1
    await becomes(partial(house.runs, name))


async def test_a_workflow_that_never_was(house: House) -> None:
    """The process that made the Promotion died before it could start the workflow."""
    await house.declare(*pipeline())
    await house.crew.mint(freight(1))
    name = await house.crew.promote("development", freight(1))
    assert (await house.sweep()).promotions == 1
    await becomes(partial(house.runs, name))


async def test_a_workflow_that_was_terminated_at_the_gate(house: House) -> None:
    """It is started again, and waits again."""
    name = await house.waiting()
    await house.workflow(name).terminate()
    assert (await house.sweep()).promotions == 1
    await becomes(partial(asleep, house.workflow(name)))
    assert (await house.sweep()).promotions == 0


async def test_a_workflow_that_was_terminated_in_a_step(house: House) -> None:
    """SQL says that it runs: it is started again, and goes on."""
    name = await house.waiting()
    await house.crew.say(name)
    await house.nudges.promotion(PROJECT, name)
    await becomes(partial(house.runs, name))
    await house.workflow(name).terminate()
    house.crew.now = await temporal_now(house.client)
    assert (await house.sweep()).promotions == 1
    description = await house.workflow(name).describe()
    assert description.status == WorkflowExecutionStatus.RUNNING


async def test_a_lane_that_waits_for_a_soak_time(house: House) -> None:
    """Its history does not grow while it sleeps; when it is gone, it is started."""
    soaking = stage("staging", "development", soak="48h")
    await house.declare(*pipeline("staging"), soaking)
    await house.crew.mint(freight(1))
    await house.crew.carry("development", freight(1))
    await house.sweep()
    lane = names.stage_workflow_id(PROJECT, "staging")
    handle = house.client.get_workflow_handle(lane)
    await becomes(partial(asleep, handle))
    before = await length(handle)
    for _ in range(10):
        await house.sweep()
    assert await length(handle) == before
