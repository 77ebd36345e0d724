"""Waits for what another process does, which no event of ours tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Return once `condition` holds; raises TimeoutError if it never does."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 — another process makes it true
            await asyncio.sleep(0.01)
