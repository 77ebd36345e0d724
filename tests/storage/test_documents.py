"""Documents: a bounded cache that all workers share."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select

from ferryman.settings import new_key
from ferryman.storage import tables
from ferryman.storage.documents import Documents
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from tests.pipelines import NOW


def digest(number: int) -> str:
    """Of a document."""
    return f"sha256:{hashlib.sha256(str(number).encode()).hexdigest()}"


async def kept(store: Store) -> set[str]:
    """What is in SQL."""
    async with store.database.read() as connection:
        rows = await connection.execute(select(tables.document.c.digest))
    return set(rows.scalars())


async def test_shared(store: Store, second: Store) -> None:
    """What one worker fetched, the others need not; it may be given twice."""
    await store.documents.put(digest(1), b"{}")
    assert await store.documents.get(digest(1)) == b"{}"
    await second.documents.put(digest(1), b"{}")
    await store.documents.flush()
    await second.documents.flush()
    assert await second.documents.get(digest(1)) == b"{}"
    assert await second.documents.get(digest(2)) is None


async def test_written_in_a_moment(store: Store, vault: Vault) -> None:
    """Nobody has to ask for it to be written."""
    documents = Documents(store.database, vault, moment=0.01)
    await documents.put(digest(1), b"{}")
    assert await kept(store) == set()
    assert documents._writing
    await documents._writing
    assert await kept(store) == {digest(1)}


async def test_nothing_can_be_read(store: Store) -> None:
    """A config's environment, which may quote a secret, is not in the clear."""
    await store.documents.put(digest(1), b'{"Env": ["TOKEN=swordfish"]}')
    await store.documents.flush()
    async with store.database.read() as connection:
        (content,) = (await connection.execute(select(tables.document.c.content))).scalars()
    assert b"swordfish" not in content
    other = Documents(store.database, Vault(new_key()))
    assert await other.get(digest(1)) is None


async def test_bounded(store: Store, vault: Vault) -> None:
    """Beyond the limit, what was not used for the longest time goes."""
    now = NOW

    def clock() -> datetime:
        return now

    for number in range(10):
        now += timedelta(days=2)
        documents = Documents(store.database, vault, clock=clock)
        await documents.put(digest(number), bytes(1000))
        await documents.get(digest(0))
        await documents.flush()
    now += timedelta(days=2)
    documents = Documents(store.database, vault, clock=clock)
    assert await documents.get(digest(0))
    await documents.flush()
    small = Documents(store.database, vault, limit=8000, clock=clock)
    await small.put(digest(10), b"")
    await small.flush()
    left = await kept(store)
    assert {digest(0), digest(9), digest(10)} <= left
    assert digest(1) not in left
    assert len(left) <= 6
