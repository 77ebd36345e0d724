"""How a Promotion waits for long: for weeks, with no history for each look."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError

from ferryman.domain.plan import (
    STEP_WAITS,
    Admission,
    PromotionKey,
    RecordedStep,
    StepCall,
    StepReturn,
)
from ferryman.domain.step import StepStatus
from tests.eventually import eventually
from tests.workflows.conftest import unique
from tests.workflows.script import QUEUE, Endless, Script, inside, serving
from workflows.promotion import PromotionWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = PromotionKey(project="shop", name="dev.x.y")
LIMIT = timedelta(days=30)
DONE = StepReturn(status=StepStatus.SUCCEEDED)


def waiting(seconds: float) -> StepReturn:
    """It waits, and names when it is to be looked at again."""
    return StepReturn(status=StepStatus.RUNNING, terminal=False, retry_after_seconds=seconds)


def looking_again(seconds: float) -> ApplicationError:
    """The same in a look that polls."""
    pause = timedelta(seconds=seconds)
    return ApplicationError("a pull request", type=STEP_WAITS, next_retry_delay=pause)


async def begun(client: Client) -> WorkflowHandle[Any, Any]:
    """Start one."""
    return await client.start_workflow(
        PromotionWorkflow.run,
        KEY,
        id=unique("promotion"),
        task_queue=QUEUE,
        execution_timeout=LIMIT,
    )


async def events_of(handle: WorkflowHandle[Any, Any]) -> int:
    """How long its history is."""
    return len((await handle.fetch_history()).events)


async def through(client: Client, script: Script) -> int:
    """Run it to its end; gives the length of its history."""
    async with serving(client, script):
        handle = await begun(client)
        await handle.result()
    return await events_of(handle)


async def test_a_look_costs_no_history(temporal: Client, script: Script) -> None:
    """A dozen looks cost as many events as two of them."""
    lengths = []
    for looks in (2, 12):
        script.plan("git-wait-for-pr", tree=False)
        script.outcomes["git-wait-for-pr"] = [waiting(30), *[looking_again(30)] * looks, DONE]
        lengths.append(await through(temporal, script))
    assert lengths[0] == lengths[1]
    assert lengths[1] < 40
    assert len(script.called) == 4 + 14


async def test_a_nudge_wakes_what_rests(temporal: Client, script: Script) -> None:
    """What SQL says is at rest is looked at at once, by a new attempt."""
    script.plan("git-clone", "git-push")
    script.outcomes["git-clone"] = [waiting(0.1), looking_again(864_000), DONE]
    async with serving(temporal, script):
        handle = await begun(temporal)
        await eventually(lambda: len(script.called) == 2)
        _recorded(script, RecordedStep(path="1", attempt=2, resting=True))
        await handle.signal("nudge")
        await handle.result()
    assert [(c.path, c.attempt, c.polls) for c in script.called] == [
        ("1", 1, False),
        ("1", 2, True),
        ("1", 3, True),
        ("2", 1, False),
    ]
    assert script.called[2].now - script.called[0].now < timedelta(minutes=5)


async def test_a_nudge_lets_what_works_be(temporal: Client, script: Script) -> None:
    """A look that is under way is not cut short by news that it may not need."""
    script.plan("git-clone")
    seen: list[int] = []

    @activity.defn(name="git-clone")
    async def clone(call: StepCall) -> StepReturn:
        seen.append(call.attempt)
        if call.attempt == 1:
            return waiting(1)
        _recorded(script, RecordedStep(path="1", attempt=2))
        await handle.signal("nudge")
        await eventually(lambda: len(script.asked) > 1)
        return DONE

    async with serving(temporal, script, clone):
        handle = await begun(temporal)
        await handle.result()
    assert seen == [1, 2]


async def test_an_abort_reaches_what_rests(temporal: Client, script: Script) -> None:
    """A step that waits for ten days between two looks ends at once."""
    script.plan("git-clone", "git-push")
    script.outcomes["git-clone"] = [waiting(0.1), looking_again(864_000)]
    async with serving(temporal, script):
        handle = await begun(temporal)
        await eventually(lambda: len(script.called) == 2)
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort")
        await handle.result()
    assert script.settlements[0].aborted
    assert len(script.called) == 2


async def test_an_abort_between_two_attempts(temporal: Client, script: Script) -> None:
    """In the pause after an error, and wherever else in a group, all of it ends at once."""
    script.plan("http", "endless", tree=False, error_threshold=3)
    steps = [s.model_copy(update={"path": str(n)}) for n, s in enumerate(script.steps, 1)]
    script.steps = [inside("parallel", *steps, alias="g")]
    script.admissions = [script.admitted()]
    script.outcomes["http"] = [StepReturn(status=StepStatus.ERRORED, error=True, terminal=False)]
    endless = Endless()
    async with serving(temporal, script, endless.run):
        handle = await begun(temporal)
        await endless.began.wait()
        await eventually(lambda: len(script.called) == 1)
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort")
        await handle.result()
    assert script.settlements[0].aborted


async def test_a_step_that_was_skipped_meanwhile(temporal: Client, script: Script) -> None:
    """What SQL says has ended is asked for its end, whether it rested or was being made."""
    skipped = StepReturn(status=StepStatus.SKIPPED)
    script.plan("endless", "git-push")
    attempts: list[int] = []

    @activity.defn(name="endless")
    async def endless(call: StepCall) -> StepReturn:
        attempts.append(call.attempt)
        while call.attempt == 1:
            activity.heartbeat()
            await asyncio.sleep(0.05)
        return skipped

    async with serving(temporal, script, endless):
        handle = await begun(temporal)
        await eventually(lambda: attempts == [1])
        _recorded(script, RecordedStep(path="1", status=StepStatus.SKIPPED, attempt=2))
        await handle.signal("nudge")
        await handle.result()
    assert attempts == [1, 2]
    assert [call.path for call in script.called] == ["2"]
    assert not script.settlements[0].aborted


async def test_beside_others_the_tree_is_let_go(temporal: Client, script: Script) -> None:
    """A step that waits in a group, and touches the tree, does not keep others from it."""
    script.plan("git-clone", "yaml-update")
    steps = [
        step.model_copy(update={"path": p}) for step, p in zip(script.steps, "12", strict=True)
    ]
    script.steps = [inside("parallel", *steps, alias="g")]
    script.admissions = [script.admitted()]
    script.outcomes["git-clone"] = [waiting(3600), waiting(3600), DONE]
    await through(temporal, script)
    assert [c.path for c in script.called][:2] == ["g::1", "g::2"]
    assert not any(call.polls for call in script.called)


async def test_tried_again_before_it_had_ended(temporal: Client, script: Script) -> None:
    """Who has it tried again while its workflow ends finds it going on in the new run."""
    script.plan("git-push")
    first = script.admitted()

    def numbered(run: int) -> Admission:
        plan = first.plan and first.plan.model_copy(update={"run": run})
        return first.model_copy(update={"run": run, "plan": plan})

    script.admissions = [numbered(1), numbered(2)]
    script.reopened = [True, False]
    await through(temporal, script)
    assert [call.run for call in script.called] == [1, 2]
    assert [s.run for s in script.settlements] == [1, 2]


def _recorded(script: Script, *steps: RecordedStep) -> None:
    """What SQL says of the steps from now on."""
    script.recorded = list(steps)
    script.admissions = [script.admitted()]
