"""SQLite's connections: what does not wait is done at once, in the thread of the event loop.

A statement takes some ten microseconds, and a change of threads several times that, and a turn of
the loop: a transaction of ten statements would hold for forty turns the lock that only one writer
has. So the thread that aiosqlite keeps for a connection is asked only for what may wait: for the
lock of another process, or for the disk when a transaction that has written ends.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import aiosqlite

WRITING: Final = "BEGIN IMMEDIATE"
"""How a transaction begins that may write: with the one lock for it."""

_CHUNK = 64
"""aiosqlite's own default: rows that are fetched at a time when somebody iterates."""


class Connection(aiosqlite.Connection):
    """A connection of aiosqlite's that changes threads only where it may wait."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _CHUNK)
        self._thread.daemon = True
        self._free = threading.Lock()
        """Held while SQLite is spoken to: who is cancelled leaves his statement in the thread."""
        self._writing = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        may_wait = self._may_wait(fn, *args)
        self._writing = self._writes_after(fn, *args)
        if not may_wait and self._free.acquire(blocking=False):
            try:
                return fn(*args, **kwargs)
            finally:
                self._free.release()
        # aiosqlite's methods have no types here.
        return await super()._execute(self._alone, fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _alone(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self._free:
            return fn(*args, **kwargs)

    def _may_wait(self, fn: Callable[..., Any], *args: Any) -> bool:
        if _is_statement(fn):
            return WRITING in args[:1]
        return self._writing if _is_end(fn) else fn.__name__ != "cursor"

    def _writes_after(self, fn: Callable[..., Any], *args: Any) -> bool:
        if _is_statement(fn):
            return self._writing or WRITING in args[:1]
        return self._writing and not _is_end(fn)


def _is_statement(fn: Callable[..., Any]) -> bool:
    return isinstance(getattr(fn, "__self__", None), sqlite3.Cursor)


def _is_end(fn: Callable[..., Any]) -> bool:
    """Whether it ends a transaction."""
    return not _is_statement(fn) and fn.__name__ in {"commit", "rollback"}


def connect(database: str, **options: Any) -> Connection:
    """Return a connection that is open once it is awaited."""
    return Connection(partial(sqlite3.connect, database, **options))
