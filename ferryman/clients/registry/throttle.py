"""Good manners towards one registry: few requests at once, few a second, none when told so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from ferryman.clients.registry.options import RegistryOptions
from ferryman.domain.errors import TemporaryError


class TokenBucket:
    """Lets `rate` pass a second, and as many at once after a quiet second."""

    def __init__(self, rate: float | None) -> None:
        self._interval = 0.0 if rate is None else 1 / rate
        self._burst = 0.0 if rate is None else max(1 - self._interval, 0.0)
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next place; returns the seconds until it comes."""
        place = max(self._next, now - self._burst)
        self._next = place + self._interval
        return max(place - now, 0.0)


class Throttle:
    """Hands out turns to speak to the registry at `host`."""

    def __init__(
        self, host: str, options: RegistryOptions, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._host = host
        self._patience = options.patience
        self._slots = asyncio.Semaphore(options.connections_per_host)
        self._bucket = TokenBucket(options.requests_per_second)
        self._closed_until = float("-inf")
        self._clock = clock

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises TemporaryError while the registry wants to be left alone for longer than our
        patience.
        """
        async with self._slots:
            await self._opening()
            await asyncio.sleep(self._bucket.reserve(self._clock()))
            await self._opening()
            yield

    def close_for(self, seconds: float) -> None:
        """Let nobody speak for this long; the registry asked for it."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    async def _opening(self) -> None:
        while (wait := self._closed_until - self._clock()) > 0:
            if wait > self._patience:
                raise TemporaryError(
                    f"the registry at {self._host} asked to be left alone for {wait:.0f} s",
                    delay=timedelta(seconds=wait),
                )
            await asyncio.sleep(wait)
