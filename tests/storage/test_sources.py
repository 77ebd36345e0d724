"""Sources: who may ask, what is kept of the answer, and what can be read of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from ferryman.domain.source import Need, Source, Standing
from ferryman.storage import tables
from ferryman.storage.sources import Lease
from ferryman.storage.store import Store
from tests.pipelines import NOW

SECRET = "swordfish"
APP = Source("image", "ghcr.io/acme/app", ("ghcr.io/acme/app", "", "ann", SECRET))
ANONYMOUS = Source("image", "ghcr.io/acme/app", ("ghcr.io/acme/app", ""))
NEED = Need(NOW)


def lease(owner: str = "w1", at: datetime = NOW) -> Lease:
    """A minute's."""
    return Lease(owner, at, at + timedelta(minutes=1))


async def test_one_at_a_time(store: Store, second: Store) -> None:
    """Of two processes one may ask; after the answer neither needs to."""
    assert await store.sources.take(APP, NEED, lease("w1"))
    assert not await second.sources.take(APP, NEED, lease("w2"))
    await store.sources.showed(APP, lease("w1"), ["1.0.0"], changed=True)
    assert not await second.sources.take(APP, NEED, lease("w2"))
    shown = await second.sources.read(APP)
    assert (shown.content, shown.standing) == (["1.0.0"], Standing(NOW, NOW))


async def test_a_lease_that_ran_out(store: Store) -> None:
    """Who does not answer in time is taken for dead, and what it says later does not count."""
    assert await store.sources.take(APP, NEED, lease("w1"))
    later = NOW + timedelta(minutes=1)
    assert await store.sources.take(APP, NEED, lease("w2", later))
    await store.sources.showed(APP, lease("w1"), ["old"], changed=True)
    assert (await store.sources.read(APP)).content is None
    await store.sources.showed(APP, lease("w2", later), ["new"], changed=True)
    assert (await store.sources.read(APP)).content == ["new"]


async def test_a_worker_that_was_restarted(store: Store) -> None:
    """A worker need not wait for the lease that it had before it was killed."""
    assert await store.sources.take(APP, NEED, lease("w1"))
    assert await store.sources.take(APP, NEED, lease("w1"))


async def test_failures(store: Store) -> None:
    """A failure is kept beside what was seen before, and an answer ends it."""
    await store.sources.take(APP, NEED, lease())
    await store.sources.showed(APP, lease(), ["1.0.0"], changed=True)
    later = NOW + timedelta(minutes=5)
    again = later + timedelta(seconds=30)
    await store.sources.take(APP, Need(later), lease(at=later))
    await store.sources.failed(APP, lease(at=later), failures=1, message="no", next_=again)
    shown = await store.sources.read(APP)
    assert shown.standing == Standing(NOW, later, 1, "no", again)
    assert shown.content == ["1.0.0"]
    assert not await store.sources.take(APP, Need(later), lease(at=later))
    assert await store.sources.take(APP, Need(later), lease(at=again))
    await store.sources.showed(APP, lease(at=again), None, changed=False)
    shown = await store.sources.read(APP)
    assert (shown.standing, shown.content) == (Standing(again, again), ["1.0.0"])


async def test_nothing_was_learned(store: Store) -> None:
    """A lease that is given back leaves no trace."""
    await store.sources.take(APP, NEED, lease("w1"))
    await store.sources.release(APP, lease("w1"))
    assert await store.sources.take(APP, NEED, lease("w2"))
    assert (await store.sources.read(APP)).standing == Standing()


async def test_each_sees_what_it_may(store: Store) -> None:
    """What one credential was shown is nobody else's."""
    await store.sources.take(APP, NEED, lease())
    await store.sources.showed(APP, lease(), ["private"], changed=True)
    await store.sources.remember(APP, {"private": "sha256:1"})
    assert (await store.sources.read(ANONYMOUS)).content is None
    assert await store.sources.digests(ANONYMOUS) == {}
    assert await store.sources.digests(APP) == {"private": "sha256:1"}


async def test_nothing_can_be_read(store: Store) -> None:
    """Neither the credential nor a private listing is in the clear."""
    await store.sources.take(APP, NEED, lease())
    await store.sources.showed(APP, lease(), ["private-tag"], changed=True)
    await store.sources.remember(APP, {"private-tag": "sha256:1"})
    async with store.database.read() as connection:
        (row,) = (await connection.execute(select(tables.source))).all()
    text = " ".join(map(str, row))
    assert APP.url in text
    assert SECRET not in text
    assert "private-tag" not in text
    assert SECRET not in repr(APP)


async def test_what_nobody_looks_at_is_forgotten(store: Store) -> None:
    """A new source takes the place of those that were not looked at for a week."""
    await store.sources.take(APP, NEED, lease())
    await store.sources.showed(APP, lease(), ["1.0.0"], changed=True)
    await store.sources.take(ANONYMOUS, NEED, lease(at=NOW + timedelta(days=8)))
    async with store.database.read() as connection:
        count = await connection.execute(select(func.count()).select_from(tables.source))
        assert count.scalar() == 1
