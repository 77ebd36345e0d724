"""Carrying a scripted Promotion to its end, for its history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.client import Client, WorkflowHandle

from ferryman.domain.plan import PromotionKey
from tests.workflows.script import QUEUE, Script, serving
from workflows.promotion import PromotionWorkflow

Handle = WorkflowHandle[Any, Any]
Scenario = Callable[[Client, str], Awaitable[Handle]]
"""Runs a workflow of this id to its end."""
_KEY = PromotionKey(project="shop", name="dev.01jz0000000000000000000000.f1f1f1f")


async def promotion(client: Client, workflow_id: str) -> Handle:
    """Start one."""
    return await client.start_workflow(
        PromotionWorkflow.run, _KEY, id=workflow_id, task_queue=QUEUE
    )


async def carried(client: Client, workflow_id: str, script: Script) -> Handle:
    """Start one, and see it through."""
    async with serving(client, script):
        handle = await promotion(client, workflow_id)
        await handle.result()
    return handle
