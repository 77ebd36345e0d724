"""Removals: what goes with a resource that is removed.

A Stage's turn goes first, here as everywhere: whoever holds it may be about to write the rest.
"""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.storage import deleted_freight, tables
from ferryman.storage.promotion_rows import OPEN
from ferryman.storage.resource_rows import where
from ferryman.storage.subscriptions import forget

_OF_A_PROJECT = (
    tables.turn,
    tables.promotion,
    tables.step,
    tables.step_log,
    tables.decision,
    tables.freight_stage,
    tables.freight,
    tables.deleted_freight,
    tables.subscription,
    tables.webhook_delivery,
    tables.resource,
)


async def remove(connection: AsyncConnection, kind: str, project: str, name: str) -> None:
    """Remove a resource, and what has no meaning without it; events stay."""
    if kind == "Project":
        await _remove_contents(connection, name)
    if kind == "Warehouse":
        await forget(connection, project, name)
        await deleted_freight.forget_all(connection, project, f"Warehouse/{name}")
    if kind == "Stage":
        await _remove_standings(connection, project, name)
    await connection.execute(delete(tables.resource).where(*where(kind, project, name)))


async def _remove_contents(connection: AsyncConnection, project: str) -> None:
    for table in _OF_A_PROJECT:
        await connection.execute(delete(table).where(table.c.project == project))


async def _remove_standings(connection: AsyncConnection, project: str, stage: str) -> None:
    """Its Promotions stay as records; those under way are asked to end (Kargo §14.21)."""
    for table in (tables.turn, tables.freight_stage):
        of_stage = (table.c.project == project, table.c.stage == stage)
        await connection.execute(delete(table).where(*of_stage))
    columns = tables.promotion.c
    await connection.execute(
        update(tables.promotion)
        .where(columns.project == project, columns.stage == stage, columns.phase.in_(OPEN))
        .values(abort_requested=True, message=f"stage {stage} was deleted")
    )
