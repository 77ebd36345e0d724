"""How a Promotion waits at its gate, and what may be said to it there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle

from ferryman.domain.plan import Admission, PromotionKey
from tests.eventually import eventually
from tests.workflows.conftest import temporal_now, unique
from tests.workflows.script import Endless, Script, serving
from workflows.promotion import PromotionWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = PromotionKey(project="shop", name="dev.x.y")
WAITING = Admission(state="waiting", waiting_for="approval 0 of 1")
LIMIT = timedelta(days=30)


async def start(client: Client) -> WorkflowHandle[Any, Any]:
    """Begin a Promotion."""
    return await client.start_workflow(
        PromotionWorkflow.run,
        KEY,
        id=unique("promotion"),
        task_queue="ferryman",
        execution_timeout=LIMIT,
    )


@pytest.mark.parametrize(
    "body", [[], [{"by": "ann", "comment": "ok"}], ["nonsense"], [None], [{"by": 1}, 2, 3]]
)
async def test_whatever_is_signalled_is_judged_in_sql(
    temporal: Client, script: Script, body: list[Any]
) -> None:
    """Any body of an approval reaches the record, and none stalls the workflow."""
    script.plan()
    script.admissions = [WAITING, script.admitted()]
    async with serving(temporal, script):
        handle = await start(temporal)
        await handle.signal("approve", args=body)
        await handle.result()
    assert [call.verdict for call in script.decided] == ["approve"]
    assert script.decided[0].body == (body[0] if body else None)


async def test_an_unknown_signal_does_no_harm(temporal: Client, script: Script) -> None:
    """A signal that does not exist is let pass."""
    script.plan()
    script.admissions = [WAITING, script.admitted()]
    async with serving(temporal, script):
        handle = await start(temporal)
        await eventually(lambda: bool(script.asked))  # a nudge from before that has been heard
        await handle.signal("aprove", {"by": "ann"})
        await handle.signal("nudge")
        await handle.result()
    assert script.decided == []


async def test_time_alone_may_open_the_gate(temporal: Client, script: Script) -> None:
    """With a time to wait for, the gate is asked again then."""
    script.plan()
    wake_at = await temporal_now(temporal) + timedelta(hours=3)
    script.admissions = [WAITING.model_copy(update={"wake_at": wake_at}), script.admitted()]
    async with serving(temporal, script):
        await (await start(temporal)).result()
    assert script.asked[-1].now >= wake_at


async def test_an_abort_reaches_a_running_step(temporal: Client, script: Script) -> None:
    """An abort cancels the step in mid-execution, and the Promotion settles as aborted."""
    endless = Endless()
    script.plan("endless")
    async with serving(temporal, script, endless.run):
        handle = await start(temporal)
        await endless.began.wait()
        script.admissions = [Admission(state="ended")]
        await handle.signal("abort")
        await handle.result()
    assert script.settlements[0].aborted
