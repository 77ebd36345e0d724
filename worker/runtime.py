"""Running a worker: its queues, its janitor, and an end that waits for what runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Interceptor, Worker

from activities.failures import OurWords
from activities.heartbeats import Beating
from activities.steps import STEPS
from ferryman.domain import names
from ferryman.settings import Settings
from worker.assembly import Assembly
from worker.registrations import WORKFLOWS
from workflows.signals import FirstArgumentOnly

_SLOTS = 500
"""Far more than run at once: a queue that looks silent must mean that nobody polls it."""
_THROTTLE = timedelta(seconds=1)
"""An abort reaches a running step with its heartbeat's answer, so beats must not be saved up."""
_STICKY = timedelta(seconds=2)
"""How long a workflow waits for the worker that has it in memory; the default is 10 s."""
_WORKFLOW_TASKS = 16
"""At once: more would only wait in this process, while their timeout runs."""
_log = structlog.get_logger()


async def run(assembly: Assembly, client: Client, settings: Settings, stop: asyncio.Event) -> None:
    """Serve every queue until `stop`, then let running steps end."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(assembly.close)
        coming_home = asyncio.create_task(assembly.homecoming.run())
        for worker in _workers(assembly, client, settings):
            await stack.enter_async_context(worker)
        janitor = asyncio.create_task(assembly.janitor.run())
        await assembly.store.workers.publish(
            assembly.worker,
            assembly.own_queue,
            [kind.catalogue_entry() for kind in STEPS.values()],
            now=datetime.now(UTC),
        )
        await _ensure_sweep(assembly)
        sys.stdout.write(f"worker ready {assembly.worker}\n")
        sys.stdout.flush()
        await stop.wait()
        for task in (janitor, coming_home):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _workers(assembly: Assembly, client: Client, settings: Settings) -> list[Worker]:
    def serve(
        queue: str,
        activities: Sequence[Callable[..., Any]],
        *interceptors: Interceptor,
        **more: Any,
    ) -> Worker:
        return Worker(
            client,
            task_queue=queue,
            activities=activities,
            identity=assembly.identity,
            interceptors=[OurWords(), Beating(), *interceptors],
            max_concurrent_activities=_SLOTS,
            max_heartbeat_throttle_interval=_THROTTLE,
            default_heartbeat_throttle_interval=_THROTTLE,
            graceful_shutdown_timeout=settings.worker.graceful_shutdown,
            **more,
        )

    shared = serve(
        names.SHARED_QUEUE,
        [*assembly.control, *assembly.steps],
        FirstArgumentOnly(),
        workflows=WORKFLOWS,
        max_concurrent_workflow_tasks=_WORKFLOW_TASKS,
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )
    shards = [serve(names.shard_queue(s), assembly.steps) for s in settings.worker.shards]
    return [shared, serve(assembly.own_queue, assembly.steps), *shards]


async def _ensure_sweep(assembly: Assembly) -> None:
    try:
        await assembly.nudges.sweep()
    except RPCError as error:
        await _log.awarning("sweep_not_scheduled", error=str(error))
