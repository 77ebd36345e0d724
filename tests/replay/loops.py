"""Scenarios of tasks, loops and groups."""

from __future__ import annotations

from typing import Any

from temporalio.client import Client

from ferryman.domain.plan import Admission, PlannedStep, RecordedStep, StepReturn
from ferryman.domain.step import StepStatus
from tests.replay.carrying import Handle, Scenario, carried, promotion
from tests.workflows.script import Endless, Script, inside, serving


async def task(client: Client, workflow_id: str) -> Handle:
    """A gate fails in a task; a step after it asks to run on failure."""
    script = Script()
    script.steps = [
        _step("gate", "deploy::1", alias="deploy::gate"),
        _step("git-push", "deploy::2", alias="deploy::push"),
        _step("http", "3", has_condition=True, tree=False),
    ]
    script.outcomes["gate"] = [StepReturn(status=StepStatus.FAILED, message="no")]
    script.admissions = [script.admitted()]
    return await carried(client, workflow_id, script)


async def parallel(client: Client, workflow_id: str) -> Handle:
    """A group with an `if`: two steps that touch the tree, one of which errs once, and one not."""
    script = Script()
    branches = (
        _step("yaml-update", "1", error_threshold=2),
        _step("git-clone", "2"),
        _step("http", "3", tree=False),
    )
    group = inside("parallel", *branches, alias="g", leaves_record=True, has_condition=True)
    script.steps = [group, _step("git-push", "2")]
    script.admissions = [script.admitted()]
    script.outcomes["yaml-update"] = [
        StepReturn(status=StepStatus.ERRORED, error=True, terminal=False, retry_after_seconds=0.1)
    ]
    return await carried(client, workflow_id, script)


async def for_each(client: Client, workflow_id: str) -> Handle:
    """A loop over three items, two at once, with a loop one by one in it; another is resumed."""
    script = Script()
    inner = inside("forEach", _step("yaml-update", "1"), alias="zones", path="2")
    loop = inside("forEach", _step("http", "1", tree=False), inner, alias="r", concurrency=2)
    again = inside("forEach", _step("git-commit", "1"), alias="again", path="2")
    script.steps = [loop, again]
    script.recorded = [
        RecordedStep(path="2", status=StepStatus.SUCCEEDED, attempt=1, keys=("a", "b")),
        RecordedStep(path="again[a]::1", status=StepStatus.SUCCEEDED, attempt=1),
        RecordedStep(path="again[b]::1", attempt=2),
    ]
    script.admissions = [script.admitted()]
    script.outcomes["forEach"] = [
        StepReturn(status=StepStatus.SUCCEEDED, keys=keys)
        for keys in (("eu", "us", "cn"), ("x", "y"), (), ("z",))
    ]
    return await carried(client, workflow_id, script)


async def aborted_group(client: Client, workflow_id: str) -> Handle:
    """An abort cancels both branches of a group."""
    script, endless = Script(), Endless()
    branches = (_step("endless", "1", tree=False), _step("endless", "2", tree=False))
    script.steps = [inside("parallel", *branches, alias="g")]
    script.admissions = [script.admitted()]
    async with serving(client, script, endless.run):
        handle = await promotion(client, workflow_id)
        await endless.began.wait()
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort", {"by": "ann"})
        await handle.result()
    return handle


def _step(uses: str, path: str, **more: Any) -> PlannedStep:
    return PlannedStep(path=path, uses=uses, **{"alias": f"{uses}-{path}", **more})


LOOPS: dict[str, Scenario] = {
    "Promotion/task": task,
    "Promotion/parallel": parallel,
    "Promotion/for-each": for_each,
    "Promotion/aborted-group": aborted_group,
}
