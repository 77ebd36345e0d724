"""Freight that people deleted, so that discovery does not make it again behind their backs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.freight import Freight
from ferryman.storage import tables
from ferryman.storage.upsert import upsert

_columns = tables.deleted_freight.c


async def remember(connection: AsyncConnection, freight: Freight, now: datetime) -> None:
    """Note that it was deleted."""
    key = {"project": freight.project, "name": freight.name}
    values = {"origin": str(freight.origin), "deleted_at": now}
    await upsert(connection, tables.deleted_freight, key, values)


async def was_deleted(connection: AsyncConnection, project: str, name: str) -> bool:
    """Did somebody delete the Freight of that name?"""
    query = select(_columns.name).where(_columns.project == project, _columns.name == name)
    return (await connection.execute(query)).first() is not None


async def forget(connection: AsyncConnection, project: str, name: str) -> None:
    """Somebody wants it back."""
    gone = delete(tables.deleted_freight)
    await connection.execute(gone.where(_columns.project == project, _columns.name == name))


async def forget_all(connection: AsyncConnection, project: str, origin: str) -> None:
    """An origin is gone; one of that name begins anew."""
    gone = delete(tables.deleted_freight)
    await connection.execute(gone.where(_columns.project == project, _columns.origin == origin))
