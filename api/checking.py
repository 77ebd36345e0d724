"""Checks of a request against what exists, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.entries import Entry
from api.surroundings import Surroundings
from ferryman.domain.aliases import check_alias
from ferryman.domain.assembly import assembled
from ferryman.domain.eligibility import availability
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.inlining import inlined, references
from ferryman.domain.promotion import Promotion
from ferryman.domain.stage import Stage
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Warehouse


async def check(entries: Sequence[Entry], around: Surroundings, now: datetime) -> None:
    """Say in each entry what keeps it from being written; Freight gets its name."""
    for entry in entries:
        await _project(entry, around)
    for entry in entries:
        if isinstance(entry.resource, Freight) and not entry.errors:
            await _freight(entry, entry.resource, around)
    for entry in entries:
        if isinstance(entry.resource, Stage) and not entry.errors:
            await _template(entry, entry.resource, around)
    for entry in entries:
        if isinstance(entry.resource, Promotion) and not entry.errors:
            await _promotion(entry, entry.resource, around, now)


async def _project(entry: Entry, around: Surroundings) -> None:
    project = entry.resource.project if entry.resource else ""
    if project and not await around.has_project(project):
        entry.refuse(f"project {project} does not exist: apply a Project of that name with it")


async def _freight(entry: Entry, freight: Freight, around: Surroundings) -> None:
    warehouse = await around.find(Warehouse, freight.project, freight.origin.name)
    if warehouse is None:
        entry.refuse(f"origin: warehouse {freight.origin.name} does not exist")
        return
    try:
        if freight.alias:
            check_alias(freight.alias, field="alias")
        named = assembled(freight, warehouse)
    except InvalidError as error:
        entry.refuse(str(error))
        return
    namesake = await around.freight(freight.project, freight.alias) if freight.alias else None
    if namesake and namesake.name != named.name:
        entry.refuse(f"alias: {freight.alias} is taken by Freight {namesake.name}; choose another")
    entry.resource = named
    around.announce(named)


async def _template(entry: Entry, stage: Stage, around: Surroundings) -> None:
    """Warn of tasks that do not fit; they may come later."""
    try:
        await _steps_of(stage, around)
    except InvalidError as error:
        entry.warnings.append(f"{entry.item.about}: {error}; until then nothing can be promoted")


async def _steps_of(stage: Stage, around: Surroundings) -> None:
    """Put tasks in the place of references; raises InvalidError where that cannot be done."""
    tasks = {}
    for kind, name in references(stage.spec.steps):
        task: PromotionTask | ClusterPromotionTask | None
        if kind == "PromotionTask":
            task = await around.find(PromotionTask, stage.project, name)
        else:
            task = await around.find(ClusterPromotionTask, "", name)
        if task:
            tasks[kind, name] = task.spec
    inlined(stage.spec.steps, tasks, stage.spec.promotion_vars, stage=stage.name)


async def _promotion(
    entry: Entry, promotion: Promotion, around: Surroundings, now: datetime
) -> None:
    spec = promotion.spec
    stage = await around.find(Stage, promotion.project, spec.stage)
    freight = await around.freight(promotion.project, spec.freight)
    if stage is None:
        entry.refuse(f"spec.stage: stage {spec.stage} does not exist")
    elif freight is None:
        entry.refuse(f"spec.freight: Freight {spec.freight} does not exist")
    elif stage.spec.control_flow:
        entry.refuse(f"spec.stage: stage {stage.name} has no promotion steps")
    else:
        for unmet in availability(freight, stage, now):
            entry.refuse(f"spec.freight: may not enter stage {stage.name}: {unmet.message}")
        try:
            await _steps_of(stage, around)
        except InvalidError as error:
            entry.refuse(f"spec.stage: {error}")
