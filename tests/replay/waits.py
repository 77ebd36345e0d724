"""Scenarios of waits that Temporal's retries look after, and of retries by people."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from ferryman.domain.plan import STEP_WAITS, Admission, RecordedStep, StepReturn
from ferryman.domain.step import StepStatus
from tests.eventually import eventually
from tests.replay.carrying import Handle, Scenario, carried, promotion
from tests.workflows.script import QUEUE, Script, inside, serving

_DONE = StepReturn(status=StepStatus.SUCCEEDED)


def _first(seconds: float) -> StepReturn:
    return StepReturn(
        status=StepStatus.RUNNING,
        terminal=False,
        retry_after_seconds=seconds,
        waiting_for="a pull request",
    )


def _again(seconds: float) -> ApplicationError:
    return ApplicationError(
        "a pull request",
        type=STEP_WAITS,
        next_retry_delay=timedelta(seconds=seconds),
        category=ApplicationErrorCategory.BENIGN,
    )


async def polls(client: Client, workflow_id: str) -> Handle:
    """A step is looked at five times more, which leaves no trace."""
    script = Script()
    script.plan("git-wait-for-pr", "git-push")
    script.outcomes["git-wait-for-pr"] = [_first(0.1), *[_again(0.1)] * 5, _DONE]
    return await carried(client, workflow_id, script)


async def woken(client: Client, workflow_id: str) -> Handle:
    """A nudge wakes a step that rests for an hour."""
    script = Script()
    script.plan("git-wait-for-pr", "git-push")
    script.outcomes["git-wait-for-pr"] = [_first(0.1), _again(3600), _DONE]
    async with serving(client, script):
        handle = await promotion(client, workflow_id)
        await eventually(lambda: len(script.called) > 1)
        script.recorded = [RecordedStep(path="1", attempt=2, resting=True)]
        script.admissions = [script.admitted()]
        await handle.signal("nudge")
        await handle.result()
    return handle


async def reopened(client: Client, workflow_id: str) -> Handle:
    """Somebody has it tried again before its workflow has ended; the first of the two histories."""
    script = Script()
    script.plan("git-push")
    script.reopened = [True, False]
    handle = await carried(client, workflow_id, script)
    first = handle.first_execution_run_id or handle.result_run_id
    return client.get_workflow_handle(workflow_id, run_id=first)


async def nudged_at_the_end(client: Client, workflow_id: str) -> Handle:
    """A nudge comes while it settles: it asks once more."""
    script = Script()
    script.plan("git-push")

    async def nudge() -> None:
        await client.get_workflow_handle(workflow_id).signal("nudge")

    script.while_settling = nudge
    handle = await carried(client, workflow_id, script)
    first = handle.first_execution_run_id or handle.result_run_id
    return client.get_workflow_handle(workflow_id, run_id=first)


async def aborted_at_rest(client: Client, workflow_id: str) -> Handle:
    """An abort ends a step that rests for an hour."""
    script = Script()
    script.plan("git-wait-for-pr")
    script.outcomes["git-wait-for-pr"] = [_first(0.1), _again(3600)]
    async with serving(client, script):
        handle = await promotion(client, workflow_id)
        await eventually(lambda: len(script.called) > 1)
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort", {"by": "ann"})
        await handle.result()
    return handle


async def timers_beside_others(client: Client, workflow_id: str) -> Handle:
    """A step that touches the tree waits twice beside another; older releases used timers."""
    script = Script()
    _side_by_side(script, "git-clone", "yaml-update")
    script.outcomes["git-clone"] = [_first(0.1), _first(0.1), _DONE]
    return await carried(client, workflow_id, script)


async def polls_beside_others(client: Client, workflow_id: str) -> Handle:
    """Two steps that touch the tree wait side by side, on the worker that has it."""
    script = Script()
    _side_by_side(script, "git-clone", "git-push", "yaml-update")
    for kind in ("git-clone", "git-push"):
        first = _first(0.1).model_copy(update={"worker_queue": QUEUE})
        script.outcomes[kind] = [first, *[_again(0.1)] * 3, _DONE]
    return await carried(client, workflow_id, script)


def _side_by_side(script: Script, *kinds: str) -> None:
    script.plan(*kinds)
    script.steps = [inside("parallel", *script.steps, alias="g")]
    script.admissions = [script.admitted()]


WAITS: dict[str, Scenario] = {
    "Promotion/polls": polls,
    "Promotion/woken": woken,
    "Promotion/reopened": reopened,
    "Promotion/nudged-at-the-end": nudged_at_the_end,
    "Promotion/aborted-at-rest": aborted_at_rest,
    "Promotion/timers-beside-others": timers_beside_others,
    "Promotion/polls-beside-others": polls_beside_others,
}
