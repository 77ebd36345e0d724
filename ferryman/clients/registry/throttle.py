"""Good manners towards registries: few requests at once, few a second, none when told so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.recently_used import RecentlyUsed
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import Credential

_ACCOUNTS = 1000
"""Accounts at one registry whose limits are remembered."""


class TokenBucket:
    """Lets `rate` pass a second in the long run, and up to `burst` at once after a quiet time."""

    def __init__(self, rate: float | None, burst: int) -> None:
        self._interval = 0.0 if rate is None else 1 / rate
        self._ahead = self._interval * (burst - 1)
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next place; returns the seconds until it comes."""
        place = max(self._next, now - self._ahead)
        self._next = place + self._interval
        return max(place - now, 0.0)


class _Account:
    """How one account stands with a registry."""

    def __init__(self, options: RegistryOptions) -> None:
        self.bucket = TokenBucket(options.requests_per_second, options.burst)
        self.closed_until = float("-inf")


class Throttle:
    """Hands out turns to speak to the registry at `host`.

    Rate and pauses are the account's, for registries count by it; places to speak at once are
    the host's. Who waits for its account holds no place.
    """

    def __init__(
        self, host: str, options: RegistryOptions, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._host = host
        self._options = options
        # Who left last is the first to be followed: its connection is warm.
        self._places = asyncio.LifoQueue[int]()
        for place in reversed(range(options.connections_per_host)):
            self._places.put_nowait(place)
        self._bucket = TokenBucket(options.requests_per_second_per_host, options.burst)
        self._accounts = RecentlyUsed[tuple[str, ...], _Account](_ACCOUNTS)
        self._clock = clock

    @asynccontextmanager
    async def turn(self, credential: Credential | None = None) -> AsyncIterator[int]:
        """Wait for a turn and hold it; gives the number of the place at which one speaks.

        Raises TemporaryError while the registry wants the account to stay away for longer than
        our patience, and where too many wait already.
        """
        account = self._account(credential)
        await self._opening(account)
        now = self._clock()
        if wait := max(account.bucket.reserve(now), self._bucket.reserve(now)):
            await asyncio.sleep(wait)
        place = await self._open_place(account)
        try:
            yield place
        finally:
            self._places.put_nowait(place)

    def close_for(self, seconds: float, credential: Credential | None = None) -> None:
        """Let the account stay away for this long; the registry asked for it."""
        account = self._account(credential)
        account.closed_until = max(account.closed_until, self._clock() + seconds)

    def _account(self, credential: Credential | None) -> _Account:
        identity = credential.identity if credential else ()
        account = self._accounts.get(identity)
        if account is None:
            account = _Account(self._options)
            self._accounts.put(identity, account)
        return account

    async def _open_place(self, account: _Account) -> int:
        """A place, for an account that may speak now: while waiting for one it may be closed."""
        while True:
            await self._opening(account)
            place = await self._place()
            if account.closed_until <= self._clock():
                return place
            self._places.put_nowait(place)

    async def _place(self) -> int:
        patience = self._options.queue_patience
        try:
            async with asyncio.timeout(patience):
                return await self._places.get()
        except TimeoutError:
            raise TemporaryError(
                f"the registry at {self._host} is slow: all {self._options.connections_per_host}"
                f" connections were busy for {patience:.0f} s",
                delay=timedelta(seconds=patience),
            ) from None

    async def _opening(self, account: _Account) -> None:
        while (wait := account.closed_until - self._clock()) > 0:
            if wait > self._options.patience:
                raise TemporaryError(
                    f"the registry at {self._host} asked to be left alone for {wait:.0f} s",
                    delay=timedelta(seconds=wait),
                )
            await asyncio.sleep(wait)
