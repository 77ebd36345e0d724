"""Removing one resource, and what follows from it."""

from __future__ import annotations

from api.consequences import removed
from api.context import Context
from api.waking import Wakes
from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError
from ferryman.domain.resource import Resource
from ferryman.domain.warehouse import Warehouse


async def remove(
    context: Context, wakes: Wakes, actor: Actor, *, kind: str, project: str, name: str
) -> Resource:
    """Remove a resource, a Project with all that it holds.

    Freight may be named by its alias. Raises NotFoundError, and ConflictError for Freight in use
    and for a Promotion, which is never removed alone.
    """
    if kind == "Promotion":
        raise ConflictError(
            f"promotion {name} cannot be deleted: a Promotion is a record; "
            "to stop it, use `ferryman abort promotion`"
        )
    if kind == "Freight":
        removals = context.store.freight_removals
        return await removals.remove(project, name, actor=actor, now=context.now())
    if kind == "Project":
        await _end_what_it_holds(context, wakes, name)
    gone = await context.store.resources.delete(kind, project, name, actor=actor, now=context.now())
    await removed(context, wakes, gone)
    return gone


async def _end_what_it_holds(context: Context, wakes: Wakes, project: str) -> None:
    """Let what runs in the Project see, once it is gone, that it is."""
    for warehouse in await context.store.resources.list(Warehouse, project):
        wakes.forget(project, warehouse.name)
    for promotion in await context.store.promotions.waiting(project):
        wakes.promotion(project, promotion)
