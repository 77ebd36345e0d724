"""Polling: one look at a source serves all who subscribe to it, on every worker."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from ferryman.domain.errors import FerrymanError, TemporaryError
from ferryman.domain.source import Need, Source, Standing, pause_after
from ferryman.storage.sources import Lease, Shown, SourceRecords

_LEASE = timedelta(minutes=2)
"""A worker that has not answered by then is taken for dead."""
_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
"""Seconds between glances at what another worker finds."""

Ask = Callable[[Any], Awaitable[Any]]
"""Asks a source; takes what it showed last (plain JSON data, None for nothing), gives what it
shows now: the same object where nothing has changed."""


class SourceError(TemporaryError):
    """A source could not be asked; its own back-off says when it is asked again."""

    def __init__(self, standing: Standing, now: datetime) -> None:
        self.failures = standing.failures
        self.next_attempt_at = standing.next_attempt_at or now
        super().__init__(standing.message, delay=max(self.next_attempt_at - now, timedelta()))


@dataclass(frozen=True)
class Polling:
    """Asks sources, each by one worker at a time.

    Others wait for the answer: `patience` seconds, after which they take what the source showed
    before; who asked waits six times as long, and gets the newest or an error.
    """

    records: SourceRecords
    worker: str
    clock: Callable[[], datetime]
    spread: tuple[float, float] = (0.75, 1.25)
    """Varies pauses after failures, by 1 on average."""
    patience: float = 5.0
    _here: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def see(self, source: Source, need: Need, ask: Ask) -> Any:
        """What the source shows, as new as is needed; raises SourceError."""
        began = asyncio.get_running_loop().time()
        patience = self.patience * (6 if need.asked else 1)
        async with self._alone(source, patience) as alone:
            pause = _PAUSE
            while True:
                shown, now = await self.records.read(source), self.now(need)
                verdict = shown.standing.verdict(need, now)
                if verdict == "serve":
                    return shown.content
                if verdict == "pause":
                    raise SourceError(shown.standing, now)
                lease = Lease(self.worker, now, now + _LEASE)
                if alone and await self.records.take(source, need, lease):
                    return await self._ask(source, shown, lease, ask)
                if not alone or asyncio.get_running_loop().time() - began > patience:
                    return self._earlier(source, shown, need)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def now(self, need: Need) -> datetime:
        """The time by our clock, but never before `need` arose: another's clock may be ahead."""
        return max(self.clock(), need.since)

    @asynccontextmanager
    async def _alone(self, source: Source, patience: float) -> AsyncIterator[bool]:
        """Within this process there is no need to glance at SQL; False: it took too long."""
        lock = self._here.setdefault(self.records.id_of(source), asyncio.Lock())
        try:
            async with asyncio.timeout(patience):
                await lock.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    async def _ask(self, source: Source, shown: Shown, lease: Lease, ask: Ask) -> Any:
        try:
            content = await ask(shown.content)
        except FerrymanError as error:
            raise await self._failed(source, shown.standing, lease, error) from None
        except BaseException:
            await asyncio.shield(self.records.release(source, lease))
            raise
        await self.records.showed(source, lease, content, changed=content is not shown.content)
        return content

    async def _failed(
        self, source: Source, before: Standing, lease: Lease, error: FerrymanError
    ) -> SourceError:
        failures, now = before.failures + 1, max(self.clock(), lease.begun)
        spread = random.uniform(*self.spread)  # noqa: S311 - nothing secret hangs on it
        next_ = now + pause_after(failures, error, spread)
        message = str(error)
        await self.records.failed(source, lease, failures=failures, message=message, next_=next_)
        return SourceError(Standing(failures=failures, message=message, next_attempt_at=next_), now)

    def _earlier(self, source: Source, shown: Shown, need: Need) -> Any:
        if shown.content is not None and not (need.asked or shown.standing.failures):
            return shown.content
        raise TemporaryError(f"{source.kind} {source.url} is being asked, and has not answered yet")
