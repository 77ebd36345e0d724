"""Migrations: the schema that they make, and what they refuse."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from ferryman.domain.errors import PermanentError
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ferryman.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """That store, open."""
    database = Database(url)
    yield database
    await database.close()


async def test_a_migrated_store_has_exactly_the_tables_of_the_code(database: Database) -> None:
    """After migrating an empty store, Alembic finds nothing to change."""
    await migrate(database)

    def difference(connection: Connection) -> object:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with database.read() as connection:
        assert await connection.run_sync(difference) == []


async def test_migrating_again_changes_nothing(database: Database) -> None:
    """A store that is up to date keeps what is in it."""
    await migrate(database)
    async with database.write() as connection:
        insert = "insert into token (digest, name, created_at) values ('d', 'ann', {})"
        now = "'2026-01-01T00:00:00.000000+00:00'"
        await connection.execute(text(insert.format(now)))
    await migrate(database)
    async with database.read() as connection:
        assert (await connection.execute(text("select name from token"))).scalar() == "ann"


async def test_a_newer_schema_is_refused_by_a_sentence(database: Database) -> None:
    """A store that a later version made is left alone, and the message says what to start."""
    await migrate(database)
    async with database.write() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(PermanentError, match=r"schema 9999.*start that version or a later one"):
        await migrate(database)


async def test_a_migration_that_fails_leaves_the_store_as_it_was(database: Database) -> None:
    """All tables or none: a table that is in the way stops the migration whole."""
    async with database.write() as connection:
        await connection.execute(text("create table worker (id integer)"))
    with pytest.raises(Exception, match="worker"):
        await migrate(database)
    async with database.write() as connection:
        await connection.execute(text("drop table worker"))
    await migrate(database)


_MIGRATING = """
import asyncio, sys
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate

async def main():
    database = Database(sys.argv[1])
    await migrate(database)
    await database.close()

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""


async def test_processes_may_migrate_at_once(url: str) -> None:
    """Of processes that start together, one migrates and the other finds it done."""
    processes = [await _ready_to_migrate(url) for _ in range(4)]
    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [error.decode() for _, error in ended] == [""] * 4
    assert [process.returncode for process in processes] == [0] * 4


async def _ready_to_migrate(url: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _MIGRATING, url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process
