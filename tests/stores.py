"""Real stores for tests: SQLite in the test's own folder, migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from sqlalchemy import Engine

from ferryman.settings import new_key
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault

_migrated: list[bytes] = []
"""An empty store's file, once one was migrated: copying it is ten times as fast."""
_kept: dict[str, sqlite3.Connection] = {}
"""What `keep` has kept, in memory."""
_engines: dict[str, Engine] = {}
"""The first engine of each kind."""


@asynccontextmanager
async def open_store(folder: Path) -> AsyncIterator[Store]:
    """An empty store in `folder`."""
    file = folder / "ferryman.db"
    url = f"sqlite:///{file}"
    if not _migrated:
        database = Database(url)
        await migrate(database)
        await database.close()
        _migrated.append(file.read_bytes())
    file.write_bytes(_migrated[0])
    store = Store(compiled_once(Database(url)), Vault(new_key()))
    try:
        yield store
    finally:
        await store.close()


def compiled_once(database: Database) -> Database:
    """Let it have the SQL that was compiled for others of its kind: a fifth of a test's time."""
    engine = database.engine.sync_engine
    first = _engines.setdefault(engine.name, engine)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return database


def keep(store: Store, name: str) -> None:
    """Remember, while this process lives, what is in a store with which many tests begin."""
    _kept[name] = sqlite3.connect(":memory:")
    with closing(_file(store)) as file:
        file.backup(_kept[name])


def restored(store: Store, name: str) -> bool:
    """Fill an empty store with what was kept under `name`; False when nothing was."""
    if name not in _kept:
        return False
    with closing(_file(store)) as file:
        _kept[name].backup(file)
    return True


def _file(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(str(store.database.engine.url.database))
