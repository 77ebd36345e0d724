"""Insert or update, in one statement, on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection, table: Table, key: dict[str, Any], values: dict[str, Any]
) -> None:
    """Insert `key` and `values`, or set `values` where `key` exists."""
    statement = insert_into(connection, table).values(**key, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


async def insert_if_absent(
    connection: AsyncConnection, table: Table, key: dict[str, Any], values: dict[str, Any]
) -> bool:
    """Insert `key` and `values`; False where `key` exists."""
    statement = insert_into(connection, table).values(**key, **values)
    done = await connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
    return done.rowcount == 1


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """The database's own INSERT, which knows `ON CONFLICT`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
