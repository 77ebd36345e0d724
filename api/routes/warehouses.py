"""Warehouses."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.removing import remove
from api.shapes.lists import WarehouseList
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.warehouse import Warehouse

router = APIRouter(prefix="/v1beta1/projects/{project}/warehouses", tags=["Warehouses"])


@router.get("", operation_id="ListWarehouses", response_model=WarehouseList)
async def list_warehouses(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "warehouses")],
    *,
    watching: Watch = False,
) -> Response:
    """List a Project's Warehouses, by name."""
    fetch = partial(context.store.resources.list, Warehouse, project)
    if watching:
        return watch(fetch, partial(context.store.events.newest, project))
    return listed(WarehouseList, await fetch())


@router.get("/{warehouse}", operation_id="GetWarehouse", response_model=Warehouse)
async def get_warehouse(
    project: str,
    warehouse: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "warehouses", "warehouse")],
    *,
    watching: Watch = False,
) -> Response:
    """Return one Warehouse."""
    fetch = partial(context.store.resources.get, Warehouse, project, warehouse)
    if watching:
        return watch(only(fetch), partial(context.store.events.newest, project))
    return answer(await fetch())


@router.delete("/{warehouse}", operation_id="DeleteWarehouse", status_code=204)
async def delete_warehouse(
    project: str,
    warehouse: str,
    context: InContext,
    actor: Annotated[Actor, allowed("delete", "warehouses", "warehouse")],
    wakes: Waking,
) -> None:
    """Delete a Warehouse; its Freight stays."""
    await remove(context, wakes, actor, kind="Warehouse", project=project, name=warehouse)


@router.post("/{warehouse}/refresh", operation_id="RefreshWarehouse", response_model=Warehouse)
async def refresh_warehouse(
    project: str,
    warehouse: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("patch", "warehouses", "warehouse")],
    wakes: Waking,
) -> Response:
    """Let a Warehouse discover now; returns it as it is before that."""
    found = await context.store.resources.get(Warehouse, project, warehouse)
    wakes.warehouse(project, warehouse)
    return answer(found)
