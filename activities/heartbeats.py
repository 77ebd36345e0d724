"""Heartbeats: a running activity says so, every second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from temporalio import activity

_EVERY_SECONDS = 1.0


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Beat until the body is done; a cancellation from the workflow comes by the same way."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_EVERY_SECONDS)

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart
