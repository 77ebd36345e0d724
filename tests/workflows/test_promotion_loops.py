"""How a Promotion runs tasks, loops and groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client

from ferryman.domain.plan import (
    Admission,
    PlannedStep,
    PromotionKey,
    RecordedStep,
    Settled,
    StepCall,
    StepReturn,
)
from ferryman.domain.step import StepStatus
from tests.eventually import eventually
from tests.workflows.conftest import unique
from tests.workflows.script import QUEUE, Script, inside, serving
from workflows.promotion import PromotionWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = PromotionKey(project="shop", name="dev.x.y")
FAILED = StepReturn(status=StepStatus.FAILED, message="no")
EU_US = StepReturn(status=StepStatus.SUCCEEDED, keys=("eu", "us"))


def step(uses: str, path: str = "1", **more: Any) -> PlannedStep:
    """One step of a list."""
    return PlannedStep(path=path, uses=uses, **{"alias": uses, **more})


async def run(client: Client, script: Script, *instead: Callable[..., Any]) -> Settled:
    """Run a Promotion of the script's steps to its end."""
    script.admissions = [script.admitted()]
    async with serving(client, script, *instead):
        result: Settled = await client.execute_workflow(
            PromotionWorkflow.run,
            KEY,
            id=unique("promotion"),
            task_queue=QUEUE,
            execution_timeout=timedelta(days=1),
        )
    return result


async def test_a_gate_that_fails_in_a_task(temporal: Client, script: Script) -> None:
    """It stops every later step, in the task and after it, that does not ask to run on failure."""
    script.steps = [
        step("gate", "deploy::1", alias="deploy::gate"),
        step("git-push", "deploy::2", alias="deploy::push"),
        step("http", "3", has_condition=True),
        step("argocd-update", "4"),
    ]
    script.outcomes["gate"] = [FAILED]
    await run(temporal, script)
    assert [call.path for call in script.called] == ["deploy::1", "3"]


async def test_a_loop_goes_through_its_items(temporal: Client, script: Script) -> None:
    """Its own activity says what the items are called; their steps run in order for each."""
    loop = inside("forEach", step("update"), step("commit", "2"), alias="regions")
    script.steps = [loop, step("push", "2")]
    script.outcomes["forEach"] = [EU_US]
    await run(temporal, script)
    assert [call.path for call in script.called] == [
        "1",
        "regions[eu]::1",
        "regions[eu]::2",
        "regions[us]::1",
        "regions[us]::2",
        "2",
    ]


async def test_a_resumed_loop_goes_on_at_the_lost_step(temporal: Client, script: Script) -> None:
    """Items are those that are recorded; what has ended is not run again."""
    loop = inside("forEach", step("update"), step("commit", "2"), alias="r")
    script.steps = [loop]
    script.recorded = [
        RecordedStep(path="1", status=StepStatus.SUCCEEDED, attempt=1, keys=("eu", "us")),
        RecordedStep(path="r[eu]::1", status=StepStatus.SUCCEEDED, attempt=1),
        RecordedStep(path="r[eu]::2", attempt=3),
    ]
    await run(temporal, script)
    assert [(call.path, call.attempt) for call in script.called] == [
        ("r[eu]::2", 4),
        ("r[us]::1", 1),
        ("r[us]::2", 1),
    ]


async def test_steps_that_touch_the_tree_take_turns(temporal: Client, script: Script) -> None:
    """Of those side by side one touches it at a time; the others run truly at once."""
    at_once: dict[str, int] = {"tree": 0, "free": 0}
    most: dict[str, int] = {"tree": 0, "free": 0}
    met = asyncio.Event()

    def counting(kind: str) -> Callable[..., Any]:
        @activity.defn(name=kind)
        async def count(_call: StepCall) -> StepReturn:
            at_once[kind] += 1
            most[kind] = max(most[kind], at_once[kind])
            if at_once["free"] == 2:
                met.set()
            if kind == "free":
                await met.wait()
            at_once[kind] -= 1
            return StepReturn(status=StepStatus.SUCCEEDED)

        return count

    trees = [step("tree", str(n), alias=f"tree-{n}") for n in (1, 2, 3)]
    free = [step("free", str(n), alias=f"free-{n}", tree=False) for n in (4, 5)]
    script.steps = [inside("parallel", *trees, *free, alias="g")]
    await run(temporal, script, counting("tree"), counting("free"))
    assert most == {"tree": 1, "free": 2}


async def test_an_abort_cancels_all_that_run(temporal: Client, script: Script) -> None:
    """Every branch is told, SQL is asked once, and nothing begins any more."""
    began: list[str] = []
    cancelled: list[str] = []

    @activity.defn(name="endless")
    async def endless(call: StepCall) -> StepReturn:
        began.append(call.path)
        try:
            while True:
                activity.heartbeat()
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            cancelled.append(call.path)
            raise

    branches = [step("endless", str(n), alias=f"e{n}", tree=False) for n in (1, 2, 3)]
    script.steps = [inside("parallel", *branches, alias="g"), step("git-push", "2")]
    script.admissions = [script.admitted()]
    async with serving(temporal, script, endless):
        handle = await temporal.start_workflow(
            PromotionWorkflow.run, KEY, id=unique("promotion"), task_queue=QUEUE
        )
        await eventually(lambda: len(began) == 3)
        script.admissions = [Admission(state="ended")]
        await handle.signal("nudge")
        await handle.result()
    assert sorted(cancelled) == ["g::1", "g::2", "g::3"]
    assert [call.path for call in script.called] == []
    assert len(script.asked) == 2, "once at the gate, once for the nudge"
    assert script.settlements[0].aborted


async def test_a_nudge_wakes_every_branch_that_waits(temporal: Client, script: Script) -> None:
    """Two steps wait for a Secret each; one nudge makes both look again."""
    waiting = StepReturn(status=StepStatus.RUNNING, terminal=False, retry_after_seconds=36_000)
    script.outcomes = {"a": [waiting], "b": [waiting]}
    script.steps = [inside("parallel", step("a", tree=False), step("b", "2"), alias="g")]
    script.admissions = [script.admitted()]
    async with serving(temporal, script):
        handle = await temporal.start_workflow(
            PromotionWorkflow.run, KEY, id=unique("promotion"), task_queue=QUEUE
        )
        await eventually(lambda: len(script.called) == 2)
        await handle.signal("nudge")
        await handle.result()
    assert sorted((c.path, c.attempt) for c in script.called) == [
        ("g::1", 1),
        ("g::1", 2),
        ("g::2", 1),
        ("g::2", 2),
    ]
    assert max(c.now for c in script.called) - min(c.now for c in script.called) < timedelta(
        hours=9
    )
