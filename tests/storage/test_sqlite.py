"""SQLite's connections: only what may wait leaves the event loop's thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from ferryman.storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty one, with a table."""
    made = Database(f"sqlite:///{tmp_path / 'x.db'}")
    async with made.write() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield made
    await made.close()


async def test_who_may_wait_goes_to_a_thread(database: Database) -> None:
    """The lock for writing and the end that needs the disk; statements are done at once."""
    elsewhere = list[str]()

    def watch(connection: Any, *_: Any) -> None:
        here = threading.get_ident()

        def note(sql: str) -> None:
            if threading.get_ident() != here:
                elsewhere.append(sql)

        connection.driver_connection._conn.set_trace_callback(note)

    event.listen(database.engine.sync_engine, "checkout", watch)
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO t VALUES (1)"))
        await connection.execute(text("UPDATE t SET n = 2"))
    assert elsewhere == ["BEGIN IMMEDIATE", "COMMIT"]
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT n FROM t"))).scalar_one() == 2
    assert elsewhere == ["BEGIN IMMEDIATE", "COMMIT"]


async def test_who_is_cancelled_while_waiting(database: Database, tmp_path: Path) -> None:
    """The loop goes on while another process has the lock, and nothing of the waiter is written."""

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO t VALUES (1)"))

    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(write())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), timeout=0.3)
    waiting.cancel()
    other.execute("COMMIT")
    other.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await write()
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM t"))).scalar_one() == 1
