"""Freight removals: what nobody uses can go; Promotions that ended keep what they carried.

The turns of its Stages are locked first, so that no Promotion of it is created meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError
from ferryman.domain.freight import Freight
from ferryman.domain.stage import Stage
from ferryman.storage import deleted_freight, events, tables, turns
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.freight import FreightRecords
from ferryman.storage.promotion_rows import OPEN
from ferryman.storage.resources import Resources

_promotion = tables.promotion.c


class FreightRemovals:
    """Removes Freight."""

    def __init__(self, database: Database, resources: Resources, freight: FreightRecords) -> None:
        self._database = database
        self._resources = resources
        self._freight = freight

    async def remove(
        self, project: str, name_or_alias: str, *, actor: Actor, now: datetime
    ) -> Freight:
        """Remove Freight, which discovery does not make again; returns what it was.

        Raises NotFoundError, and ConflictError that names everything that uses it.
        """
        async with self._database.write() as connection:
            stages = await self._lock(connection, project, name_or_alias)
            freight = await self._freight.load(connection, project, name_or_alias)
            users = [
                *(f"stage {stage} has it" for stage in sorted(freight.status.currently_in)),
                *await _carriers(connection, freight),
                *await _keepers(connection, freight, stages),
            ]
            if users:
                raise ConflictError(
                    f"freight {freight.alias} ({freight.name[:7]}) is in use: {'; '.join(users)}; "
                    "promote something else there, or abort the promotion, first"
                )
            await _remove(connection, freight)
            await deleted_freight.remember(connection, freight, now)
            about = About("Freight", project, freight.name)
            message = f"Freight {freight.alias} ({freight.name[:7]}) was deleted"
            await events.tell(connection, about, "Deleted", message, actor=actor, now=now)
            return freight

    async def _lock(
        self, connection: AsyncConnection, project: str, name_or_alias: str
    ) -> Sequence[Stage]:
        """The Stages that ask for its origin, with nobody deciding about them until the end."""
        origin = (await self._freight.load(connection, project, name_or_alias)).origin
        every = await self._resources.load_all(connection, Stage, project)
        stages = [stage for stage in every if stage.spec.request(origin)]
        for stage in stages:
            await turns.lock(connection, project, stage.name)
        return stages


async def _carriers(connection: AsyncConnection, freight: Freight) -> list[str]:
    """Promotions that have not ended and bring it, or leave it where it is beside another."""
    query = select(_promotion.name, _promotion.stage, _promotion.collection).where(
        _promotion.project == freight.project, _promotion.phase.in_(OPEN)
    )
    rows = await connection.execute(query.order_by(_promotion.name))
    return [
        f"promotion {row.name} carries it to stage {row.stage}"
        for row in rows
        if _holds(row.collection, freight)
    ]


async def _keepers(
    connection: AsyncConnection, freight: Freight, stages: Sequence[Stage]
) -> list[str]:
    """Stages of several origins whose next Promotion would carry it over (Kargo §14.20)."""
    last = {
        stage.status.last_promotion.name: stage.name
        for stage in stages
        if stage.status.last_promotion and len(stage.spec.requested_freight) > 1
    }
    query = select(_promotion.name, _promotion.collection).where(
        _promotion.project == freight.project, _promotion.name.in_(last)
    )
    rows = (await connection.execute(query.order_by(_promotion.name))).all() if last else []
    return [
        f"stage {last[row.name]} keeps it beside other Freight"
        for row in rows
        if _holds(row.collection, freight) and last[row.name] not in freight.status.currently_in
    ]


def _holds(collection: dict[str, Any], freight: Freight) -> bool:
    return any(item["name"] == freight.name for item in collection["items"].values())


async def _remove(connection: AsyncConnection, freight: Freight) -> None:
    standing, columns = tables.freight_stage.c, tables.freight.c
    here = (standing.project == freight.project, standing.freight == freight.name)
    itself = (columns.project == freight.project, columns.name == freight.name)
    await connection.execute(delete(tables.freight_stage).where(*here))
    await connection.execute(delete(tables.freight).where(*itself))
