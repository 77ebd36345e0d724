"""How steps wait that touch the work tree and stand beside others: for weeks, without history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from ferryman.domain.plan import STEP_WAITS, PlannedStep, PromotionKey, StepReturn
from ferryman.domain.step import StepStatus
from tests.workflows.conftest import unique
from tests.workflows.script import QUEUE, Script, inside, serving
from workflows.promotion import PromotionWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
_KEY = PromotionKey(project="shop", name="dev.x.y")
_DONE = StepReturn(status=StepStatus.SUCCEEDED)
_WAITS = StepReturn(
    status=StepStatus.RUNNING, terminal=False, retry_after_seconds=30, worker_queue=QUEUE
)
_MOST = 100
"""Events: some thirty for each of three steps, less where several are told of at once."""


def _again() -> ApplicationError:
    return ApplicationError("a credential", type=STEP_WAITS, next_retry_delay=timedelta(seconds=30))


def beside(script: Script, *kinds: str) -> None:
    """The Promotion is a group of these steps, all of which touch the tree."""
    steps = [PlannedStep(path=str(i), uses=kind, alias=kind) for i, kind in enumerate(kinds, 1)]
    script.steps = [inside("parallel", *steps, alias="g")]
    script.admissions = [script.admitted()]


async def through(client: Client, script: Script) -> int:
    """Run it to its end; gives the length of its history."""
    async with serving(client, script):
        handle = await client.start_workflow(
            PromotionWorkflow.run,
            _KEY,
            id=unique("promotion"),
            task_queue=QUEUE,
            execution_timeout=timedelta(days=30),
        )
        await handle.result()
    return len((await handle.fetch_history()).events)


async def test_a_look_costs_no_history(temporal: Client, script: Script) -> None:
    """Three steps that wait side by side, each of which is looked at a hundred times."""
    kinds = ("git-clone", "git-push", "helm-template")
    beside(script, *kinds)
    looks = 100
    for kind in kinds:
        script.outcomes[kind] = [_WAITS, *(_again() for _ in range(looks)), _DONE]
    assert await through(temporal, script) < _MOST
    assert len(script.called) == len(kinds) * (looks + 2)


async def test_the_tree_is_not_kept_from_others(temporal: Client, script: Script) -> None:
    """What waits for long, between two looks, lets the step beside it come first."""
    beside(script, "git-clone", "yaml-update")
    script.outcomes["git-clone"] = [_WAITS, *(_again() for _ in range(5)), _DONE]
    again = StepReturn(
        status=StepStatus.ERRORED, error=True, terminal=False, retry_after_seconds=90
    )
    script.outcomes["yaml-update"] = [again, _DONE]
    group = script.steps[0]
    patient = group.children[1].model_copy(update={"error_threshold": 3})
    script.steps = [group.model_copy(update={"children": (group.children[0], patient)})]
    script.admissions = [script.admitted()]
    await through(temporal, script)
    paths = [call.path for call in script.called]
    assert paths.index("g::2", paths.index("g::2") + 1) < len(paths) - 1
    assert paths[-1] == "g::1"
