"""Scenarios whose histories are saved: each a workflow that meets something on its way.

They run on the development server, in real time, so their waits are short.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from ferryman.domain.plan import (
    Admission,
    LaneOutcome,
    PromoteRequest,
    StageKey,
    StepReturn,
    WarehouseKey,
)
from ferryman.domain.step import StepStatus
from tests.eventually import eventually
from tests.replay.carrying import Handle, Scenario, carried, promotion
from tests.replay.loops import LOOPS
from tests.replay.waits import WAITS
from tests.workflows.script import QUEUE, Endless, Script, serving
from workflows.discovery import DiscoveryWorkflow
from workflows.promote import PromoteWorkflow
from workflows.stage import StageWorkflow
from workflows.sweep import SweepWorkflow

STEPS = ("git-clone", "yaml-update", "git-commit", "git-push")
WAITING = Admission(state="waiting", waiting_for="approval 0 of 1")


async def happy(client: Client, workflow_id: str) -> Handle:
    """Four steps, the last three on the queue of the worker that has the trees."""
    script = Script()
    script.plan(*STEPS)
    own = "ferryman.worker.w1"
    script.outcomes["git-clone"] = [StepReturn(status=StepStatus.SUCCEEDED, worker_queue=own)]
    async with serving(client, script, queue=own):
        return await carried(client, workflow_id, script)


async def waits_then_approved(client: Client, workflow_id: str) -> Handle:
    """Time passes at the gate, an unknown signal comes, then an approval."""
    script = Script()
    script.plan("git-clone")
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    later = WAITING.model_copy(update={"wake_at": soon})
    script.admissions = [later, WAITING]
    async with serving(client, script):
        handle = await promotion(client, workflow_id)
        await eventually(lambda: len(script.asked) > 1)
        await handle.signal("aprove", {"by": "ann"})
        script.admissions = [script.admitted()]
        await handle.signal("approve", {"by": "ann", "comment": "ok"})
        await handle.result()
    return handle


async def failed_step(client: Client, workflow_id: str) -> Handle:
    """An error that is tried again, then a failure; what has an `if` is looked at all the same."""
    script = Script()
    script.plan(*STEPS, error_threshold=2)
    script.steps[3] = script.steps[3].model_copy(update={"has_condition": True})
    script.admissions = [script.admitted()]
    erred = StepReturn(
        status=StepStatus.ERRORED, error=True, terminal=False, retry_after_seconds=0.1
    )
    script.outcomes["git-clone"] = [erred]
    script.outcomes["yaml-update"] = [StepReturn(status=StepStatus.FAILED, message="no")]
    script.outcomes["git-push"] = [StepReturn(status=StepStatus.SKIPPED)]
    return await carried(client, workflow_id, script)


async def lost_worker(client: Client, workflow_id: str) -> Handle:
    """Nobody polls the queue of the worker that has the trees."""
    script = Script()
    script.plan(*STEPS)
    own = "ferryman.worker.gone"
    script.outcomes["git-clone"] = [StepReturn(status=StepStatus.SUCCEEDED, worker_queue=own)]
    return await carried(client, workflow_id, script)


async def aborted(client: Client, workflow_id: str) -> Handle:
    """An abort cancels a running step."""
    script, endless = Script(), Endless()
    script.plan("git-clone", "endless", "git-push")
    async with serving(client, script, endless.run):
        handle = await promotion(client, workflow_id)
        await endless.began.wait()
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort", {"by": "ann"})
        await handle.result()
    return handle


async def waits_for_credentials(client: Client, workflow_id: str) -> Handle:
    """A step waits twice for a Secret; a nudge cuts the second pause."""
    script = Script()
    script.plan("git-clone", "git-push")

    def waiting(seconds: float) -> StepReturn:
        return StepReturn(
            status=StepStatus.RUNNING,
            terminal=False,
            retry_after_seconds=seconds,
            waiting_for="a Secret",
        )

    script.outcomes["git-clone"] = [waiting(0.1), waiting(60)]
    async with serving(client, script):
        handle = await promotion(client, workflow_id)
        await eventually(lambda: len(script.called) > 1)
        await handle.signal("nudge")
        await handle.result()
    return handle


async def resumed(client: Client, workflow_id: str) -> Handle:
    """What had ended is not run again; the step that was under way is, with a higher attempt."""
    script = Script()
    script.plan("git-clone", "git-push")
    script.steps[0] = script.steps[0].model_copy(update={"status": StepStatus.SUCCEEDED})
    script.steps[1] = script.steps[1].model_copy(update={"attempt": 3})
    script.admissions = [script.admitted()]
    return await carried(client, workflow_id, script)


async def nothing_to_do(client: Client, workflow_id: str) -> Handle:
    """A lane that ends at once."""
    return await _lane(client, workflow_id, Script())


async def sleeps_until(client: Client, workflow_id: str) -> Handle:
    """A lane that sleeps, and finds nothing to do afterwards."""
    script = Script()
    script.lanes = [LaneOutcome(wake_at=datetime.now(UTC) + timedelta(seconds=1))]
    return await _lane(client, workflow_id, script)


async def nudged_meanwhile(client: Client, workflow_id: str) -> Handle:
    """A lane that is nudged while it decides."""
    script = Script()
    script.meanwhile = _nudge(client, workflow_id)
    return await _lane(client, workflow_id, script)


def _nudge(client: Client, workflow_id: str) -> Callable[[], Awaitable[None]]:
    async def nudge() -> None:
        await client.get_workflow_handle(workflow_id).signal("nudge")

    return nudge


async def _lane(client: Client, workflow_id: str, script: Script) -> Handle:
    async with serving(client, script):
        key = StageKey(project="shop", stage="dev")
        handle = await client.start_workflow(
            StageWorkflow.run, key, id=workflow_id, task_queue=QUEUE, start_signal="nudge"
        )
        await handle.result()
    return handle


async def discovery(client: Client, workflow_id: str) -> Handle:
    """A discovery that is nudged meanwhile, and discovers once more."""
    script = Script()
    script.meanwhile = _nudge(client, workflow_id)
    async with serving(client, script):
        key = WarehouseKey(project="shop", name="app")
        handle = await client.start_workflow(
            DiscoveryWorkflow.run, key, id=workflow_id, task_queue=QUEUE
        )
        await handle.result()
    return handle


async def promote(client: Client, workflow_id: str) -> Handle:
    """A Promotion by the friendly door, looked at twice."""
    script = Script()
    script.watched = [None, *script.watched]
    async with serving(client, script):
        request = PromoteRequest(project="shop", stage="dev", freight="lucky-jaguar", by="ann")
        handle = await client.start_workflow(
            PromoteWorkflow.run, request, id=workflow_id, task_queue=QUEUE
        )
        await handle.result()
    return handle


async def sweep(client: Client, workflow_id: str) -> Handle:
    """One sweep."""
    async with serving(client, Script()):
        handle = await client.start_workflow(SweepWorkflow.run, id=workflow_id, task_queue=QUEUE)
        await handle.result()
    return handle


SCENARIOS: dict[str, Scenario] = {
    "Promotion/happy": happy,
    "Promotion/waits-then-approved": waits_then_approved,
    "Promotion/failed-step": failed_step,
    "Promotion/lost-worker": lost_worker,
    "Promotion/aborted": aborted,
    "Promotion/waits-for-credentials": waits_for_credentials,
    "Promotion/resumed": resumed,
    **LOOPS,
    **WAITS,
    "Stage/nothing-to-do": nothing_to_do,
    "Stage/sleeps-until": sleeps_until,
    "Stage/nudged-meanwhile": nudged_meanwhile,
    "Discovery/nudged-meanwhile": discovery,
    "Promote/happy": promote,
    "Sweep/once": sweep,
}
