"""A list that can be waited on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Arrivals(list[T], Generic[T]):
    """What came so far, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def add(self, item: T) -> None:
        """Something came."""
        self.append(item)
        self._news.set()

    async def first(self, wanted: Callable[[T], bool], *, after: int = 0) -> T:
        """The first that is wanted, not counting `after` of them; waits until it comes."""
        while True:
            self._news.clear()
            found = next((item for item in self[after:] if wanted(item)), None)
            if found is not None:
                return found
            await self._news.wait()
