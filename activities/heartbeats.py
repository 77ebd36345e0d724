"""Heartbeats: a running activity says so, every second, and more seldom while it has no room."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_EVERY_SECONDS = 1.0
_AT_REST = 4
"""Of so many beats, one that rests leaves out all but the last.

The server writes down each of them. Of a hundred steps at once, all but a few rest, and their
beats alone took it a third of its time.
"""


@dataclass
class _Pulse:
    """Of one activity."""

    at_rest: bool = False


_PULSE: ContextVar[_Pulse] = ContextVar("pulse")


@contextmanager
def rest() -> Iterator[None]:
    """Beat more seldom: this activity has yet to begin with its work."""
    pulse = _PULSE.get(None) or _Pulse()
    pulse.at_rest = True
    try:
        yield
    finally:
        pulse.at_rest = False


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
        pulse = _Pulse()
        _PULSE.set(pulse)
        heart = asyncio.create_task(_beat(pulse))
        try:
            return await super().execute_activity(input)
        finally:
            heart.cancel()
            with suppress(asyncio.CancelledError):
                await heart


async def _beat(pulse: _Pulse) -> None:
    left_out = 0
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        left_out = (left_out + 1) % _AT_REST
        if not pulse.at_rest or not left_out:
            activity.heartbeat()
