"""Database: one place to begin transactions, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ferryman.domain.errors import ConflictError, InvalidError, TemporaryError
from ferryman.storage.sqlite import WRITING, connect

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_TRY_AGAIN = ("40001", "40P01")
"""PostgreSQL's codes for a transaction that lost against another, and would not again."""
_AWAY = ("08", "28", "3D", "53", "57")
"""PostgreSQL's classes of codes for one that lets nobody in: away, full, starting, stopping."""
_WAL_TRIES = 200
_WAL_PATIENCE = 0.01
"""Seconds; spent at most when the very first processes start, and then a few of them."""
_SILENT = (OperationalError, PoolTimeoutError, OSError)


class Database:
    """A pool of connections to the store at `url` (`sqlite:///…` or `postgresql://…`)."""

    def __init__(self, url: str) -> None:
        try:
            parsed = _with_driver(make_url(url))
            self.sqlite = parsed.get_backend_name() == "sqlite"
            # Errors of SQLAlchemy's own would quote the parameters: names, comments, diffs.
            self.engine = create_async_engine(
                parsed,
                pool_size=8,
                max_overflow=8,
                pool_pre_ping=not self.sqlite,
                hide_parameters=True,
                connect_args=_connecting(sqlite=self.sqlite),
            )
        except (ArgumentError, NoSuchModuleError, KeyError, TypeError) as error:
            raise InvalidError(
                "is not a database that Ferryman knows; "
                "write sqlite:////absolute/path.db or postgresql://user@host/name",
                field="database URL",
            ) from error
        # SQLite lets one writer in at a time; queueing here is fair, its own waiting is not.
        # Correctness rests on BEGIN IMMEDIATE, which holds across processes.
        self._turnstile = asyncio.Lock() if self.sqlite else nullcontext()
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; commits unless the body raises."""
        async with self._turnstile, self._connection(writing=True) as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, and never waits for writers."""
        async with self._connection(writing=False) as connection:
            yield connection

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _connection(self, *, writing: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(ferryman_writing=writing)
                async with connection.begin():
                    yield connection
        except (DBAPIError, *_SILENT) as error:
            raise _explained(error) from error


def _with_driver(url: URL) -> URL:
    """The URL with our driver; PostgreSQL's `sslmode` is `ssl` to it."""
    query = {"ssl" if key == "sslmode" else key: value for key, value in url.query.items()}
    return url.set(drivername=_DRIVERS[url.get_backend_name()], query=query)


def _connecting(*, sqlite: bool) -> dict[str, Any]:
    """What goes to the driver's `connect` in addition."""
    return {"async_creator_fn": connect} if sqlite else {}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself (see _begin_sqlite); the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    # NORMAL is what the embedded Temporal has, too: kill -9 loses nothing, a power cut may lose
    # the last moment of both. PostgreSQL is for those who need more.
    for pragma in ("busy_timeout=30000", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _switch_to_wal(cursor)
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    # Of two that make a database at once, one is told "locked" here, whatever its busy_timeout:
    # both read, and both want to go on to the exclusive lock.
    for _ in range(_WAL_TRIES):
        with suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        time.sleep(_WAL_PATIENCE)
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("ferryman_writing", True)
    connection.exec_driver_sql(WRITING if writing else "BEGIN")


def _explained(error: Exception) -> Exception:
    """Our error for a driver's; a defect of ours, such as bad SQL, stays what it is."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlstate", None) or ""
    if code.startswith(_TRY_AGAIN):
        return TemporaryError(f"the database asks to try again: {cause}")
    lost = getattr(error, "connection_invalidated", False)
    if isinstance(error, _SILENT) or code.startswith(_AWAY) or lost:
        return TemporaryError(f"the database does not answer as it should: {cause}")
    if isinstance(error, IntegrityError):
        return ConflictError(f"somebody else wrote it at the same time, try again: {cause}")
    return error
