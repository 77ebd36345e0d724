"""Consequences: whom to wake when a resource was declared anew, changed or removed."""

from __future__ import annotations

from datetime import timedelta

from api.context import Context
from api.waking import Wakes
from ferryman.domain.durations import parse_duration
from ferryman.domain.freight import Freight
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Resource
from ferryman.domain.secret import Secret
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import Warehouse


async def declared(context: Context, wakes: Wakes, resource: Resource, *, changed: bool) -> None:
    """Wake whom it concerns; an unchanged Warehouse is watched all the same, to mend what broke."""
    project = resource.project
    match resource:
        case Warehouse():
            wakes.watch(project, resource.name, _interval(context, resource).total_seconds())
            if changed:
                wakes.warehouse(project, resource.name)
        case Stage() if changed:
            wakes.stage(project, resource.name)
        case Project() if changed:
            await _all_stages(context, wakes, resource.name)
        case ProjectConfig() if changed:
            await _all_stages(context, wakes, project)
        case PromotionPolicy() if changed:
            await _all_stages(context, wakes, project)
            await _open_promotions(context, wakes, project)
        case Secret() if changed:
            await _open_promotions(context, wakes, project)
            await _all_warehouses(context, wakes, project)
        case Freight() if changed:
            for stage in await context.store.discoveries.stages_of(project, resource.origin.name):
                wakes.stage(project, stage)
        case _:
            pass


async def removed(context: Context, wakes: Wakes, resource: Resource) -> None:
    """Wake whom its end concerns: who waits for it must learn that it will not come."""
    project = resource.project
    match resource:
        case Warehouse():
            wakes.forget(project, resource.name)
        case Stage():
            await _open_promotions(context, wakes, project)
        case ProjectConfig():
            await _all_stages(context, wakes, project)
        case PromotionPolicy():
            await _open_promotions(context, wakes, project)
        case _:
            pass


def _interval(context: Context, warehouse: Warehouse) -> timedelta:
    minimum = context.settings.discovery.minimum_interval
    return max(parse_duration(warehouse.spec.interval), minimum)


async def _all_stages(context: Context, wakes: Wakes, project: str) -> None:
    for stage in await context.store.resources.list(Stage, project):
        wakes.stage(project, stage.name)


async def _all_warehouses(context: Context, wakes: Wakes, project: str) -> None:
    for warehouse in await context.store.resources.list(Warehouse, project):
        wakes.warehouse(project, warehouse.name)


async def _open_promotions(context: Context, wakes: Wakes, project: str) -> None:
    for name in await context.store.promotions.waiting(project):
        wakes.promotion(project, name)
