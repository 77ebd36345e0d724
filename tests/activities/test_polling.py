"""One look at a source serves all who want to know, in this worker and in others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from activities.polling import Polling, SourceError
from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.source import Need, Source
from ferryman.storage.sources import Lease
from ferryman.storage.store import Store
from tests.crew import Crew

APP = Source("image", "ghcr.io/acme/app", ("app",))


@dataclass
class Harbour:
    """A source that counts who asks it, and may hold its answer back."""

    crew: Crew
    asked: int = 0
    shows: Any = 1
    failure: BaseException | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def answer(self, _known: Any) -> Any:
        """What it shows."""
        self.asked += 1
        self.reached.set()
        await self.open.wait()
        if self.failure:
            raise self.failure
        return self.shows

    def worker(self, name: str = "w1", patience: float = 5.0) -> Polling:
        """A worker that asks it."""
        return Polling(
            self.crew.store.sources,
            name,
            clock=lambda: self.crew.now,
            spread=(1.0, 1.0),
            patience=patience,
        )

    async def see(self, worker: Polling, *, asked: bool = False, ago: float = 0) -> Any:
        """Look at it from a worker; `ago` seconds are new enough."""
        need = Need(self.crew.now - timedelta(seconds=ago), asked=asked)
        return await worker.see(APP, need, self.answer)


@pytest.fixture
def harbour(crew: Crew) -> Harbour:
    """It."""
    return Harbour(crew)


async def test_all_in_one_worker(harbour: Harbour) -> None:
    """However many want to know at once, the source is asked once."""
    worker = harbour.worker()
    harbour.open.clear()
    looks = [asyncio.create_task(harbour.see(worker, asked=n % 2 == 0)) for n in range(20)]
    await harbour.reached.wait()
    harbour.open.set()
    assert await asyncio.gather(*looks) == [1] * 20
    assert harbour.asked == 1


async def test_two_workers(harbour: Harbour) -> None:
    """While one worker asks, another waits for its answer."""
    harbour.open.clear()
    first = asyncio.create_task(harbour.see(harbour.worker("w1")))
    await harbour.reached.wait()
    second = asyncio.create_task(harbour.see(harbour.worker("w2")))
    await asyncio.sleep(0.1)
    harbour.open.set()
    assert [await first, await second] == [1, 1]
    assert harbour.asked == 1


async def test_how_new(harbour: Harbour) -> None:
    """What was seen in the interval serves; who asks gets what is there since."""
    worker = harbour.worker()
    await harbour.see(worker)
    harbour.crew.later()
    harbour.shows = 2
    assert await harbour.see(worker, ago=60) == 1
    assert await harbour.see(worker, asked=True) == 2
    assert harbour.asked == 2


async def test_a_slow_source(harbour: Harbour) -> None:
    """Who has waited long enough takes what was there before; who asked, hears that it waits."""
    worker = harbour.worker(patience=0.05)
    await harbour.see(worker)
    harbour.crew.later()
    harbour.open.clear()
    harbour.reached.clear()
    first = asyncio.create_task(harbour.see(worker))
    await harbour.reached.wait()
    for other in (worker, harbour.worker("w2", patience=0.05)):
        assert await harbour.see(other) == 1
        with pytest.raises(TemporaryError, match="is being asked, and has not answered yet"):
            await harbour.see(other, asked=True)
    harbour.open.set()
    assert await first == 1
    assert harbour.asked == 2


async def test_back_off_is_the_sources(harbour: Harbour) -> None:
    """A failure is every subscription's, and the source is left alone until its time comes."""
    harbour.failure = PermanentError("it is closed")
    pauses = []
    for _ in range(3):
        for worker in (harbour.worker("w1"), harbour.worker("w2")):
            with pytest.raises(SourceError, match="it is closed") as told:
                await harbour.see(worker)
        pauses.append(told.value.delay.total_seconds())
        assert told.value.failures == len(pauses)
        harbour.crew.now = told.value.next_attempt_at
    assert pauses == [30, 60, 120]
    assert harbour.asked == 3
    harbour.failure = None
    assert await harbour.see(harbour.worker()) == 1


async def test_who_asks_does_not_wait_for_the_pause(harbour: Harbour) -> None:
    """A pause holds up no one who asks now; of those who do, one finds out for all."""
    harbour.failure = TemporaryError("busy", delay=timedelta(hours=1))
    for _ in range(2):
        with pytest.raises(SourceError) as told:
            await harbour.see(harbour.worker())
    assert told.value.delay == timedelta(hours=1)
    harbour.crew.later()
    looks = [harbour.see(harbour.worker(name), asked=True) for name in ("w1", "w2", "w3")]
    failures = await asyncio.gather(*looks, return_exceptions=True)
    assert [type(failure) for failure in failures] == [SourceError] * 3
    assert harbour.asked == 2


async def test_a_worker_that_stops(harbour: Harbour) -> None:
    """A look that is cancelled gives its lease back, so that others need not wait for its end."""
    harbour.open.clear()
    look = asyncio.create_task(harbour.see(harbour.worker("w1")))
    await harbour.reached.wait()
    look.cancel()
    await asyncio.gather(look, return_exceptions=True)
    harbour.open.set()
    assert await harbour.see(harbour.worker("w2", patience=0.0)) == 1


async def test_a_worker_that_dies(harbour: Harbour, store: Store) -> None:
    """What a dead worker was about to ask, another asks when the lease has run out."""
    now = harbour.crew.now
    need = Need(now, asked=True)
    await store.sources.take(APP, need, Lease("dead", now, now + timedelta(minutes=2)))
    survivor = harbour.worker("w2", patience=0.0)
    with pytest.raises(TemporaryError, match="is being asked"):
        await harbour.see(survivor)
    harbour.crew.later(minutes=2)
    assert await harbour.see(survivor) == 1
