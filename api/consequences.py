"""Consequences: whom to wake when a resource was declared anew, changed or removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from api.context import Context
from api.waking import Wakes
from ferryman.domain.durations import parse_duration
from ferryman.domain.freight import Freight
from ferryman.domain.inlining import references
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Resource
from ferryman.domain.secret import Secret
from ferryman.domain.stage import Stage
from ferryman.domain.subscription_kind import SubscriptionKind
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
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
        case Project() | ProjectConfig() | PromotionTask() if changed:
            await _all_stages(context, wakes, project or resource.name)
        case ClusterPromotionTask() | SubscriptionKind() | Secret() if changed:
            await _all_that_use(context, wakes, resource)
        case PromotionPolicy() if changed:
            await _all_stages(context, wakes, project)
            await _open_promotions(context, wakes, project)
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
        case ProjectConfig() | PromotionTask():
            await _all_stages(context, wakes, project)
        case ClusterPromotionTask():
            await _stages_with(context, wakes, resource)
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


async def _stages_with(context: Context, wakes: Wakes, task: ClusterPromotionTask) -> None:
    """The Stages of every Project whose steps refer to the task."""
    for stage in await context.store.resources.everywhere(Stage):
        if (task.kind, task.name) in references(stage.spec.steps):
            wakes.stage(stage.project, stage.name)


async def _all_that_use(
    context: Context, wakes: Wakes, resource: ClusterPromotionTask | SubscriptionKind | Secret
) -> None:
    """Whom a resource concerns that several Projects may share."""
    match resource:
        case ClusterPromotionTask():
            await _stages_with(context, wakes, resource)
        case SubscriptionKind():
            await _warehouses_with(context, wakes, resource)
        case Secret():
            for reader in await _readers(context, resource.project):
                await _open_promotions(context, wakes, reader)
                await _all_warehouses(context, wakes, reader)


async def _warehouses_with(context: Context, wakes: Wakes, kind: SubscriptionKind) -> None:
    """The Warehouses of every Project with a subscription of that type."""
    for warehouse in await context.store.resources.everywhere(Warehouse):
        if kind.name in {subscription.type for subscription in warehouse.spec.subscriptions}:
            wakes.warehouse(warehouse.project, warehouse.name)


async def _readers(context: Context, project: str) -> Sequence[str]:
    """The Projects that may use the Secrets of this one."""
    if project not in context.settings.credentials.shared_projects:
        return [project]
    return [reader.name for reader in await context.store.resources.list(Project, "")]


async def _all_warehouses(context: Context, wakes: Wakes, project: str) -> None:
    for warehouse in await context.store.resources.list(Warehouse, project):
        wakes.warehouse(project, warehouse.name)


async def _open_promotions(context: Context, wakes: Wakes, project: str) -> None:
    for name in await context.store.promotions.waiting(project):
        wakes.promotion(project, name)
