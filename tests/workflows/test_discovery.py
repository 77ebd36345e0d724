"""Discovery, and the Sweep: one look, or one more."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import Client

from ferryman.domain.plan import DiscoveryOutcome, SweepOutcome, WarehouseKey
from tests.workflows.conftest import unique
from tests.workflows.script import QUEUE, Script, serving
from workflows.discovery import DiscoveryWorkflow
from workflows.sweep import SweepWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = WarehouseKey(project="shop", name="app")


async def test_once(temporal: Client, script: Script) -> None:
    """Without a nudge meanwhile, it discovers once."""
    script.discoveries = [DiscoveryOutcome(freight="f1")]
    async with serving(temporal, script):
        outcome: DiscoveryOutcome = await temporal.execute_workflow(
            DiscoveryWorkflow.run, KEY, id=unique("discovery"), task_queue=QUEUE
        )
    assert outcome.freight == "f1"
    assert [(m.project, m.name) for m in script.asked] == [("shop", "app")]


async def test_nudged_meanwhile(temporal: Client, script: Script) -> None:
    """However often it was nudged during a discovery, it discovers once more."""
    script.discoveries = [DiscoveryOutcome(freight="f1"), DiscoveryOutcome(freight="f2")]
    workflow_id = unique("discovery")

    async def nudge() -> None:
        for _ in range(3):
            await temporal.get_workflow_handle(workflow_id).signal("nudge")

    script.meanwhile = nudge
    async with serving(temporal, script):
        outcome: DiscoveryOutcome = await temporal.execute_workflow(
            DiscoveryWorkflow.run, KEY, id=workflow_id, task_queue=QUEUE
        )
    assert outcome.freight == "f2"
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("signal", "body", "asked"),
    [(None, [], False), ("nudge", [], True), ("nudge", [{"asked": False}], False)],
)
async def test_who_wants_to_know(
    temporal: Client, script: Script, signal: str | None, body: list[Any], *, asked: bool
) -> None:
    """A nudge is somebody who asks, unless it says otherwise; a Schedule is nobody."""
    script.discoveries = [DiscoveryOutcome(freight="f1")]
    async with serving(temporal, script):
        handle = await temporal.start_workflow(
            DiscoveryWorkflow.run,
            KEY,
            id=unique("discovery"),
            task_queue=QUEUE,
            start_signal=signal,
            start_signal_args=body,
        )
        await handle.result()
    assert [moment.asked for moment in script.asked] == [asked]


async def test_the_sweep(temporal: Client, script: Script) -> None:
    """The Sweep sweeps once, and says what it mended."""
    async with serving(temporal, script):
        outcome: SweepOutcome = await temporal.execute_workflow(
            SweepWorkflow.run, id=unique("sweep"), task_queue=QUEUE
        )
    assert outcome.stages == 1
