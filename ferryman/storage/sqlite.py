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
        if not self._may_wait(fn, *args) and self._free.acquire(blocking=False):
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
        if isinstance(getattr(fn, "__self__", None), sqlite3.Cursor):
            begins = bool(args) and args[0] == WRITING
            self._writing |= begins
            return begins
        if fn.__name__ not in {"commit", "rollback"}:
            return fn.__name__ != "cursor"
        wrote, self._writing = self._writing, False
        return wrote


def connect(database: str, **options: Any) -> Connection:
    """Return a connection that is open once it is awaited."""
    return Connection(partial(sqlite3.connect, database, **options))
