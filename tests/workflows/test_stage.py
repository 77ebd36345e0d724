"""A Stage's lane: decides, sleeps, ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle

from ferryman.domain.plan import LaneOutcome, StageKey
from tests.eventually import eventually
from tests.workflows.conftest import temporal_now, unique
from tests.workflows.script import QUEUE, Script, serving
from workflows.stage import StageWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def start(client: Client) -> WorkflowHandle[Any, str]:
    """Begin a lane."""
    return await client.start_workflow(
        StageWorkflow.run,
        StageKey(project="shop", stage="dev"),
        id=unique("stage"),
        task_queue=QUEUE,
        execution_timeout=timedelta(days=30),
    )


async def test_nothing_to_do(temporal: Client, script: Script) -> None:
    """With nothing to do the lane ends, and says why."""
    script.lanes = [LaneOutcome(summary="nothing to do")]
    async with serving(temporal, script):
        assert await (await start(temporal)).result() == "nothing to do"
    assert [(m.project, m.name) for m in script.asked] == [("shop", "dev")]


async def test_a_nudge_during_the_decision(temporal: Client, script: Script) -> None:
    """A nudge that comes while it decides makes it decide once more: none is lost."""
    started: list[WorkflowHandle[Any, str]] = []

    async def nudge() -> None:
        await started[0].signal("nudge")

    script.meanwhile = nudge
    async with serving(temporal, script):
        started.append(await start(temporal))
        await started[0].result()
    assert len(script.asked) == 2


async def test_sleeping(temporal: Client, script: Script) -> None:
    """With a time to wait for, it sleeps until then and decides again."""
    wake_at = await temporal_now(temporal) + timedelta(days=3)
    script.lanes = [LaneOutcome(wake_at=wake_at)]
    async with serving(temporal, script):
        await (await start(temporal)).result()
    assert [m.now >= wake_at for m in script.asked] == [False, True]


async def test_a_nudge_cuts_the_sleep(temporal: Client, script: Script) -> None:
    """A nudge ends the sleep at once."""
    wake_at = await temporal_now(temporal) + timedelta(days=3)
    script.lanes = [LaneOutcome(wake_at=wake_at)]
    async with serving(temporal, script):
        handle = await start(temporal)
        await eventually(lambda: bool(script.asked))
        await handle.signal("nudge", args=["whatever", 2])
        await handle.result()
    assert len(script.asked) >= 2
    assert all(m.now < wake_at for m in script.asked)


async def test_a_time_that_has_come(temporal: Client, script: Script) -> None:
    """A time that is over by now is no reason to sleep."""
    past = await temporal_now(temporal) - timedelta(seconds=1)
    script.lanes = [LaneOutcome(wake_at=past)]
    async with serving(temporal, script):
        await (await start(temporal)).result()
    assert len(script.asked) == 2
