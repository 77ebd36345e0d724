"""Slots: how many steps a worker runs at once."""

from __future__ import annotations

import asyncio
from typing import Any

from activities.heartbeats import rest


class Slots:
    """Room for so many steps; `async with` waits for some of it, and gives it back in the end."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._held: set[asyncio.Task[Any] | None] = set()

    async def __aenter__(self) -> None:
        """Wait for a slot."""
        with rest():
            await self._free.acquire()
        self._held.add(asyncio.current_task())

    async def __aexit__(self, *_: object) -> None:
        """Give it back, unless that was done before."""
        self.let_go()

    def let_go(self) -> None:
        """Give the running step's slot back now: what it has left to do is mostly waiting."""
        task = asyncio.current_task()
        if task in self._held:
            self._held.remove(task)
            self._free.release()
