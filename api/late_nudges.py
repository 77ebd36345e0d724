"""Nudges over a connection that is made when one is first needed.

The API reads and writes SQL only, and serves while Temporal is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ferryman.domain.ports import Nudges


class LateNudges:
    """Passes nudges on once `connect` succeeds; until then each fails as `connect` does."""

    def __init__(self, connect: Callable[[], Awaitable[Nudges]]) -> None:
        self._connect = connect
        self._connected: Nudges | None = None
        self._one_at_a_time = asyncio.Lock()

    async def stage(self, project: str, stage: str) -> None:
        """Let a Stage's lane look again, starting it where it sleeps."""
        await (await self._nudges()).stage(project, stage)

    async def promotion(self, project: str, name: str) -> None:
        """Let a Promotion look again, starting its workflow where none runs."""
        await (await self._nudges()).promotion(project, name)

    async def warehouse(self, project: str, name: str, *, asked: bool = True) -> None:
        """Discover now; during a discovery, once more after it."""
        await (await self._nudges()).warehouse(project, name, asked=asked)

    async def watch(self, project: str, name: str, every: float) -> None:
        """Discover every `every` seconds from now on."""
        await (await self._nudges()).watch(project, name, every)

    async def forget(self, project: str, name: str) -> None:
        """Stop watching."""
        await (await self._nudges()).forget(project, name)

    async def _nudges(self) -> Nudges:
        async with self._one_at_a_time:
            if self._connected is None:
                self._connected = await self._connect()
            return self._connected
