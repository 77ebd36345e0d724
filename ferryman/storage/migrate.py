"""Migrate: bring the store's schema up to what this code knows."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ferryman.domain.errors import PermanentError
from ferryman.storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6665727279  # "ferry": the advisory lock's number, the same in every process


async def migrate(database: Database) -> None:
    """Apply the revisions that the store lacks, in one transaction.

    Any number of processes may call this at once: one migrates, the others wait and find it
    done. Raises PermanentError for a store that a newer Ferryman made or that cannot be
    migrated, and TemporaryError for one that does not answer.
    """
    try:
        async with database.write() as connection:
            if not database.sqlite:  # where BEGIN IMMEDIATE has locked already
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
        raise PermanentError(
            f"the store cannot be brought up to date: {error.orig}; "
            "restore it from a backup, or begin with an empty one"
        ) from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    known = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_heads()
    _refuse_newer(present, known)
    if set(present) != set(known.get_heads()):
        command.upgrade(config, "head")


def _refuse_newer(present: tuple[str, ...], known: ScriptDirectory) -> None:
    revisions = {script.revision for script in known.walk_revisions()}
    unknown = sorted(set(present) - revisions)
    if unknown:
        raise PermanentError(
            f"the store has schema {unknown[0]}, this Ferryman knows only up to "
            f"{known.get_current_head()}: a newer version made it; "
            "start that version or a later one, or choose another store"
        )
