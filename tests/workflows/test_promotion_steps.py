"""How a Promotion runs its steps."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError

from ferryman.domain.errors import FencedError
from ferryman.domain.plan import PromotionKey, Settled, StepCall, StepReturn
from ferryman.domain.step import StepStatus
from tests.eventually import eventually
from tests.workflows.conftest import pass_by, unique
from tests.workflows.script import QUEUE, Script, serving
from workflows.promotion import PromotionWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = PromotionKey(project="shop", name="dev.x.y")
FAILED = StepReturn(status=StepStatus.FAILED, message="no")
LIMIT = timedelta(days=30)


async def run(client: Client, script: Script) -> Settled:
    """Run a Promotion to its end."""
    async with serving(client, script):
        result: Settled = await client.execute_workflow(
            PromotionWorkflow.run,
            KEY,
            id=unique("promotion"),
            task_queue=QUEUE,
            execution_timeout=LIMIT,
        )
    return result


async def test_steps_run_in_order(temporal: Client, script: Script) -> None:
    """Each step is one activity of its kind, in the order of the plan."""
    script.plan("git-clone", "yaml-update", "git-push")
    await run(temporal, script)
    assert [call.path for call in script.called] == ["1", "2", "3"]
    assert all(call.attempt == 1 for call in script.called)


async def test_a_failed_step_stops_what_follows(temporal: Client, script: Script) -> None:
    """After a failure, a step without `if` is not even looked at."""
    script.plan("git-clone", "yaml-update")
    script.outcomes["git-clone"] = [FAILED]
    await run(temporal, script)
    assert [call.path for call in script.called] == ["1"]


async def test_a_condition_is_looked_at_after_a_failure(temporal: Client, script: Script) -> None:
    """A step with an `if` decides itself whether it runs."""
    script.plan("git-clone", "yaml-update", has_condition=True)
    script.outcomes["git-clone"] = [FAILED]
    await run(temporal, script)
    assert [call.path for call in script.called] == ["1", "2"]


async def test_finished_steps_are_not_run_again(temporal: Client, script: Script) -> None:
    """A Promotion that is resumed goes on at the lost step, with a higher attempt."""
    script.plan("git-clone", "git-push")
    script.steps[0] = script.steps[0].model_copy(update={"status": StepStatus.SUCCEEDED})
    script.steps[1] = script.steps[1].model_copy(update={"attempt": 1})
    script.admissions = [script.admitted()]
    await run(temporal, script)
    assert [(call.path, call.attempt) for call in script.called] == [("2", 2)]


async def test_a_running_step_is_looked_at_again(temporal: Client, script: Script) -> None:
    """What waits is asked again after the time that it named; that takes no worker meanwhile."""
    script.plan("git-clone")
    waiting = StepReturn(
        status=StepStatus.RUNNING, terminal=False, retry_after_seconds=3600, waiting_for="a Secret"
    )
    script.outcomes["git-clone"] = [waiting, waiting]
    await run(temporal, script)
    assert [call.attempt for call in script.called] == [1, 2, 3]
    assert script.called[2].now - script.called[0].now >= timedelta(hours=2)


async def test_a_nudge_during_an_attempt_is_not_lost(temporal: Client, script: Script) -> None:
    """What came while a step looked for it in vain is looked for again at once."""
    script.plan("git-clone")
    workflow_id = unique("promotion")
    waiting = StepReturn(status=StepStatus.RUNNING, terminal=False, retry_after_seconds=36_000)

    @activity.defn(name="git-clone")
    async def clone(call: StepCall) -> StepReturn:
        script.called.append(call)
        if call.attempt > 1:
            return StepReturn(status=StepStatus.SUCCEEDED)
        await temporal.get_workflow_handle(workflow_id).signal("nudge")
        await eventually(lambda: len(script.asked) > 1)
        return waiting

    async with serving(temporal, script, clone):
        await temporal.execute_workflow(
            PromotionWorkflow.run, KEY, id=workflow_id, task_queue=QUEUE, execution_timeout=LIMIT
        )
    assert script.called[1].now - script.called[0].now < timedelta(minutes=1)


async def test_errors_count_against_the_threshold(temporal: Client, script: Script) -> None:
    """A step is tried until it has erred as often as it may."""
    script.plan("http", error_threshold=3)
    erred = StepReturn(status=StepStatus.ERRORED, error=True, terminal=False)
    script.outcomes["http"] = [erred, erred, erred, erred]
    await run(temporal, script)
    assert len(script.called) == 3


async def test_a_defect_in_an_activity_ends_the_step(temporal: Client, script: Script) -> None:
    """An activity that fails unforeseen is an error of its step; the Promotion settles."""
    script.plan("http", "git-push")
    script.outcomes["http"] = [ApplicationError("boom")]
    await run(temporal, script)
    assert [call.path for call in script.called] == ["1"]
    assert len(script.settlements) == 1


async def steps_given_out(handle: WorkflowHandle[Any, Any]) -> int:
    """How many attempts wait for a worker, or had one."""
    events = (await handle.fetch_history()).events
    kinds = [e.activity_task_scheduled_event_attributes.activity_type.name for e in events]
    return sum(kind.startswith("git-") for kind in kinds)


async def test_a_silent_worker_queue_is_given_up(temporal: Client, script: Script) -> None:
    """When nobody polls the queue of the worker that has the trees, the shared one takes over."""
    script.plan("git-clone", "git-push")
    gone = StepReturn(status=StepStatus.SUCCEEDED, worker_queue="ferryman.worker.gone")
    script.outcomes["git-clone"] = [gone]
    async with serving(temporal, script):
        handle = await temporal.start_workflow(
            PromotionWorkflow.run,
            KEY,
            id=unique("promotion"),
            task_queue=QUEUE,
            execution_timeout=LIMIT,
        )
        while await steps_given_out(handle) < 2:
            pass
        await asyncio.gather(handle.result(), pass_by(temporal, timedelta(seconds=5)))
    assert [(call.path, call.attempt) for call in script.called] == [("1", 1), ("2", 2)]


async def test_a_history_that_was_reset(temporal: Client, script: Script) -> None:
    """Where SQL knows of a newer attempt, the plan is asked for anew and gone on with."""
    script.plan("git-clone", "git-push")
    ahead = script.admitted()
    script.steps[0] = script.steps[0].model_copy(update={"status": StepStatus.SUCCEEDED})
    script.steps[1] = script.steps[1].model_copy(update={"attempt": 4})
    script.admissions = [ahead, script.admitted()]
    script.outcomes["git-clone"] = [FencedError("attempt 1 came too late")]
    await run(temporal, script)
    assert [(c.path, c.attempt) for c in script.called] == [("1", 1), ("2", 5)]
    assert len(script.settlements) == 1
