"""Tokens that are kept: asked for once by all who need one at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

_MARGIN = timedelta(minutes=5)
"""A token that lives shorter is not given out any more: a push or a chart may take some time."""


class Expiring(Protocol):
    """A token that is good until a time."""

    @property
    def expires(self) -> datetime:
        """From when on it is not good any more."""


T = TypeVar("T", bound=Expiring)


@dataclass
class KeptTokens(Generic[T]):
    """Keeps tokens until shortly before they expire; a failure is not kept."""

    clock: Callable[[], datetime]
    _kept: dict[Hashable, T] = field(default_factory=dict, repr=False)
    _asking: dict[Hashable, asyncio.Task[T]] = field(default_factory=dict, repr=False)

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The token that is kept, else the one that `ask` gives; raises what `ask` raises."""
        kept = self._kept.get(key)
        if kept and self._lasts(kept):
            return kept
        if key not in self._asking:
            self._asking[key] = asyncio.ensure_future(self._ask(key, ask))
        return await asyncio.shield(self._asking[key])

    async def aclose(self) -> None:
        """Ask no more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            token = await ask()
            others = {other: kept for other, kept in self._kept.items() if self._lasts(kept)}
            self._kept = others | {key: token}
            return token
        finally:
            del self._asking[key]

    def _lasts(self, token: T) -> bool:
        return token.expires - self.clock() >= _MARGIN
