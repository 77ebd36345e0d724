"""Tree turns: of the attempts on this worker, one at a time has a Promotion's work tree.

A workflow has those that it makes take turns. One that waits is made again by Temporal, though,
and of that its workflow knows nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class TreeTurns:
    """Gives turns, in the order in which they are asked for."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, tree: str) -> AsyncIterator[None]:
        """Wait until nobody else has that tree, and have it meanwhile."""
        lock = self._locks.setdefault(tree, asyncio.Lock())
        async with lock:
            yield
