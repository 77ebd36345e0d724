"""The database: whatever goes wrong with it is told by a sentence, and nothing half is kept."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from ferryman.domain.errors import ConflictError, InvalidError, TemporaryError
from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.store import Store
from tests.pipelines import NOW

TOKEN: dict[str, Any] = {"digest": "d", "name": "ann", "created_at": NOW}


async def store_token(store: Store, row: dict[str, Any]) -> None:
    """Write one row."""
    async with store.database.write() as connection:
        await connection.execute(insert(tables.token).values(**row))


@pytest.mark.parametrize("url", ["", "store.db", "mysql://localhost/x", "sqlite://"])
def test_an_address_that_is_none(url: str) -> None:
    """The message says what to write."""
    with pytest.raises(InvalidError, match=r"database URL: .*write sqlite:////absolute/path.db"):
        Database(url)


async def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder that is missing is a database that does not answer."""
    database = Database(f"sqlite:///{tmp_path / 'missing' / 'ferryman.db'}")
    before = set(threading.enumerate())
    with pytest.raises(TemporaryError, match="the database does not answer as it should"):
        async with database.read():
            pass
    await database.close()
    # aiosqlite's thread reports to the loop once more before it ends.
    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join)


async def test_a_server_that_is_not_there() -> None:
    """A port at which nobody listens."""
    database = Database("postgresql://ferryman@127.0.0.1:1/ferryman?sslmode=disable")
    with pytest.raises(TemporaryError, match="the database does not answer as it should"):
        async with database.read():
            pass
    await database.close()


@pytest.mark.servers
async def test_a_database_that_does_not_exist(postgres_server: str) -> None:
    """What PostgreSQL says is passed on."""
    database = Database(f"{postgres_server}/nowhere?sslmode=disable")
    with pytest.raises(TemporaryError, match='database "nowhere" does not exist'):
        async with database.read():
            pass
    await database.close()


async def test_a_body_that_raises_writes_nothing(store: Store) -> None:
    """A transaction is kept whole or not at all."""

    async def write_and_fail() -> None:
        async with store.database.write() as connection:
            await connection.execute(insert(tables.token).values(**TOKEN))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with store.database.read() as connection:
        assert (await connection.execute(select(tables.token))).all() == []


async def test_writing_the_same_key_twice(store: Store) -> None:
    """Somebody else was faster: a conflict, that says so."""
    await store_token(store, TOKEN)
    with pytest.raises(ConflictError, match="somebody else wrote it at the same time"):
        await store_token(store, TOKEN)


async def test_a_defect_of_ours_stays_what_it_is(store: Store) -> None:
    """Bad SQL is not taken for a database that will answer later."""
    with pytest.raises(Exception, match="nowhere") as failed:
        async with store.database.read() as connection:
            await connection.execute(text("select * from nowhere"))
    assert store.database.sqlite or not isinstance(failed.value, TemporaryError)


async def test_moments_come_back_in_utc(store: Store) -> None:
    """With microseconds, from any zone, and in an order that SQL understands."""
    zone = timezone(timedelta(hours=5, minutes=30))
    moments = [NOW, NOW + timedelta(microseconds=1), (NOW + timedelta(seconds=1)).astimezone(zone)]
    for moment in moments:
        await store_token(store, TOKEN | {"digest": str(moment), "created_at": moment})
    created = tables.token.c.created_at
    async with store.database.read() as connection:
        found = (await connection.execute(select(created).order_by(created.desc()))).scalars().all()
    assert found == sorted(moments, reverse=True)
    assert {moment.utcoffset() for moment in found} == {timedelta()}


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    """It would mean something else on every machine."""
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point
    with pytest.raises(Exception, match="naive time"):
        await store_token(store, TOKEN | {"created_at": naive})
