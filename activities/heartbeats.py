"""Heartbeats: a running activity says so, every second, whatever it waits for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_EVERY_SECONDS = 1.0


class Beating(Interceptor):
    """Lets every activity beat, so that one is missed soon whose worker is gone.

    A cancellation from the workflow comes back by the same way. What ends within a second beats
    never, and costs nothing.
    """

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - Temporal's name
        """The interceptor of every activity of a worker."""
        return _Inbound(next)


class _Inbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        heart = asyncio.create_task(_beat())
        try:
            return await super().execute_activity(input)
        finally:
            heart.cancel()
            with suppress(asyncio.CancelledError):
                await heart


async def _beat() -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        activity.heartbeat()
