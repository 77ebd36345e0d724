"""Status changes that steps make, written in the transaction that ends the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.status_change import AliasUpdate, MetadataUpdate, StatusChange
from ferryman.storage import tables
from ferryman.storage.resource_rows import where


async def make(connection: AsyncConnection, project: str, changes: Sequence[StatusChange]) -> None:
    """Make all of them, in order; raises NotFoundError, and ConflictError for a taken alias."""
    for change in changes:
        if isinstance(change, AliasUpdate):
            await _set_alias(connection, project, change)
        elif change.kind == "Stage":
            await _describe_stage(connection, project, change)
        else:
            await _describe_freight(connection, project, change)


async def _set_alias(connection: AsyncConnection, project: str, change: AliasUpdate) -> None:
    """A Freight's row is the one place that has its alias."""
    columns = tables.freight.c
    row = await _freight(connection, project, change.freight)
    named = or_(columns.alias == change.alias, columns.name == change.alias)
    taken = select(columns.name).where(columns.project == project, named, columns.name != row.name)
    if holder := (await connection.execute(taken)).scalar():
        raise ConflictError(
            f"alias: {change.alias} is taken by another Freight of project {project}, {holder}; "
            "choose another"
        )
    await _change_freight(connection, project, row.name, alias=change.alias)


async def _describe_freight(
    connection: AsyncConnection, project: str, change: MetadataUpdate
) -> None:
    row = await _freight(connection, project, change.name)
    metadata = _merged(row.metadata, change.values)
    await _change_freight(connection, project, row.name, metadata=metadata)


async def _describe_stage(
    connection: AsyncConnection, project: str, change: MetadataUpdate
) -> None:
    columns = tables.resource.c
    at = where("Stage", project, change.name)
    row = (await connection.execute(select(columns.status).where(*at).with_for_update())).first()
    if row is None:
        raise NotFoundError(f"stage {change.name} does not exist in project {project}")
    metadata = _merged(row.status.get("metadata", {}), change.values)
    await connection.execute(
        update(tables.resource)
        .where(*at)
        .values(
            status=row.status | {"metadata": metadata},
            resource_version=columns.resource_version + 1,
        )
    )


def _merged(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {**before, **values}


async def _freight(connection: AsyncConnection, project: str, name: str) -> Any:
    """Its row, by name or alias, locked; raises NotFoundError."""
    columns = tables.freight.c
    query = select(columns.name, columns.metadata).where(
        columns.project == project, or_(columns.name == name, columns.alias == name)
    )
    first = query.order_by((columns.name == name).desc()).limit(1).with_for_update()
    row = (await connection.execute(first)).first()
    if row is None:
        raise NotFoundError(f"freight {name} does not exist in project {project}")
    return row


async def _change_freight(
    connection: AsyncConnection, project: str, name: str, **values: Any
) -> None:
    columns = tables.freight.c
    await connection.execute(
        update(tables.freight)
        .where(columns.project == project, columns.name == name)
        .values(**values)
    )
