"""Real stores on SQLite and PostgreSQL, empty at the beginning of each test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ferryman.settings import new_key
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.store import Store
from ferryman.storage.tables import metadata
from ferryman.storage.vault import Vault
from tests.crew import Crew
from tests.pipelines import pipeline
from tests.servers.postgres import (
    postgres_server,  # noqa: F401 - a fixture
    postgres_url,  # noqa: F401 - a fixture
)
from tests.stores import compiled_once, keep, restored


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file: copying it costs less than migrating each."""
    path = tmp_path_factory.mktemp("template") / "ferryman.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:  # noqa: F811 - the fixture
    """A migrated database: emptying it costs less than creating each."""
    url = f"{postgres_server}/postgres"
    asyncio.run(_migrate(url))
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty, migrated store is."""
    if request.param == "sqlite":
        path = tmp_path / "ferryman.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url = str(request.getfixturevalue("postgres_database"))
    asyncio.run(_empty(url))
    return url


@pytest.fixture
def vault() -> Vault:
    """What seals its secrets."""
    return Vault(new_key())


@pytest.fixture
async def store(store_url: str, vault: Vault) -> AsyncIterator[Store]:
    """That store, open."""
    store = Store(compiled_once(Database(store_url)), vault)
    yield store
    await store.close()


@pytest.fixture
async def second(store_url: str, vault: Vault) -> AsyncIterator[Store]:
    """The same store, open once more: what another process has."""
    store = Store(compiled_once(Database(store_url)), vault)
    yield store
    await store.close()


@pytest.fixture
async def strict(store_url: str, vault: Vault) -> AsyncIterator[Store]:
    """The same store in a server that takes decisions from signed-in people only."""
    store = Store(compiled_once(Database(store_url)), vault, proof_required=True)
    yield store
    await store.close()


@pytest.fixture
def crew(store: Store) -> Crew:
    """Who works on it."""
    return Crew(store)


@pytest.fixture
async def line(crew: Crew) -> Crew:
    """A crew with the pipeline declared, nothing promoting by itself."""
    sqlite = crew.store.database.sqlite
    if sqlite and restored(crew.store, "line"):
        crew.later()
        return crew
    await crew.declare(*pipeline())
    if sqlite:
        keep(crew.store, "line")
    return crew


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


async def _empty(url: str) -> None:
    database = Database(url)
    tables = ", ".join(metadata.tables)
    async with database.write() as connection:
        await connection.execute(text(f"truncate {tables} restart identity"))
    await database.close()
