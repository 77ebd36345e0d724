"""Steps that an older Ferryman recorded keep their places when the store is brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text

from ferryman.storage import migrate as migrations
from ferryman.storage import tables
from ferryman.storage.database import Database

_INSERT = """
INSERT INTO step (project, promotion, run, path, position, alias, uses, continue_on_error, status,
                  message, attempt, error_count, executions, worker, tree)
VALUES ('shop', 'p', 1, '{path}', {position}, '', 'git-clone', false, 'Succeeded',
        '', 1, 0, 1, 'w1', '{tree}')
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty store of each kind."""
    url = f"sqlite:///{tmp_path / 'ferryman.db'}"
    if request.param != "sqlite":
        url = str(request.getfixturevalue("postgres_url"))
    database = Database(url)
    yield database
    await database.close()


def _first(connection: Connection) -> None:
    """Bring the schema up to the first revision only."""
    config = Config()
    folder = Path(migrations.__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


async def test_places_and_the_order_of_trees(database: Database) -> None:
    """A step stands where it stood, and trees were built in the order of the list."""
    async with database.write() as connection:
        await connection.run_sync(_first)
        for path, position, tree in (("1", 0, "f00"), ("2", 1, ""), ("10", 9, "ba5")):
            row = _INSERT.format(path=path, position=position, tree=tree)
            await connection.execute(text(row))
    await migrations.migrate(database)
    columns = tables.step.c
    query = select(columns.path, columns.place, columns.tree_order)
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
    assert sorted(map(tuple, rows)) == [("1", "1", 1), ("10", "10", 10), ("2", "2", None)]
