"""Surroundings: what a step's expressions may ask for, gathered from the store beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from activities.scene import Earlier, Scene
from ferryman.domain import flow
from ferryman.domain.errors import NotFoundError
from ferryman.domain.expressions.kargo import Lookup, StepStatus, Subscription, World
from ferryman.domain.freight import Freight
from ferryman.domain.outputs import scopes_in_sight
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepExecution
from ferryman.domain.step import StepStatus as Status
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.promotion_rows import ACTOR_ANNOTATION
from ferryman.storage.store import Store

_OF_STAGES = "stagemetadata"

T = TypeVar("T")


@dataclass(frozen=True)
class Surroundings:
    """The Stage, the Freight and the Stage's Warehouses around one step."""

    scene: Scene
    target: Freight | None
    """The Promotion's Freight; None once it is gone: the Promotion knows its contents."""
    stages: Sequence[Stage]
    warehouses: Sequence[Warehouse]

    def context(self) -> dict[str, Any]:
        """What `ctx` is (Kargo §4)."""
        promotion = self.scene.promotion
        reference = promotion.status.freight
        return {
            "uiBaseUrl": "",
            "project": promotion.project,
            "stage": promotion.spec.stage,
            "promotion": promotion.name,
            "targetFreight": {
                "name": promotion.spec.freight,
                "alias": self.target.alias if self.target else "",
                "origin": {"name": reference.origin.name if reference else ""},
            },
            "meta": {
                "promotion": {
                    "actor": promotion.metadata.annotations.get(ACTOR_ANNOTATION, ""),
                    "rollback": False,
                },
                "step": {"alias": self.scene.placed.alias},
            },
        }

    def world(
        self,
        *,
        freight: Callable[[str], Freight | None],
        secret: Lookup,
        shared_secret: Lookup,
        config_map: Lookup,
        shared_config_map: Lookup,
    ) -> World:
        """What Kargo's functions ask."""
        promotion = self.scene.promotion
        collection = promotion.status.freight_collection
        own = next(s for s in self.stages if s.name == promotion.spec.stage)
        requested = [r.origin.name for r in own.spec.requested_freight]
        metadata = {stage.name: stage.status.metadata for stage in self.stages}
        return World(
            freight=[f.dump() for f in collection.items.values()] if collection else (),
            requested=requested,
            subscriptions={w.name: _subscriptions(w) for w in self.warehouses},
            secret=secret,
            shared_secret=shared_secret,
            config_map=config_map,
            shared_config_map=shared_config_map,
            freight_metadata=lambda name: _metadata(freight(name)),
            freight_status=lambda name: _status(freight(name)),
            stage_metadata=metadata.get,
            steps=_words(self.scene),
            alias=_within(self.scene.placed.alias, self.scene.placed.scope),
        )


async def around(store: Store, scene: Scene, text: str) -> Surroundings:
    """Gather what `text`, all that the step has of expressions, may ask for."""
    project, asked = scene.promotion.project, text.lower()
    target, own = await asyncio.gather(
        _found(store.freight.get(project, scene.promotion.spec.freight)),
        store.resources.get(Stage, project, scene.promotion.spec.stage),
    )
    origins = {request.origin.name for request in own.spec.requested_freight}
    watching = [_found(store.resources.get(Warehouse, project, name)) for name in sorted(origins)]
    warehouses = [warehouse for warehouse in await asyncio.gather(*watching) if warehouse]
    stages: Sequence[Stage] = (own,)
    if _OF_STAGES in asked:
        stages = await store.resources.list(Stage, project)
    return Surroundings(scene, target, stages, warehouses)


async def _found(reading: Awaitable[T]) -> T | None:
    try:
        return await reading
    except NotFoundError:
        return None


def _metadata(freight: Freight | None) -> Mapping[str, Any] | None:
    return freight.status.metadata if freight else None


def _status(freight: Freight | None) -> Mapping[str, Any] | None:
    return freight.status.dump() if freight else None


def _words(scene: Scene) -> list[StepStatus]:
    """The steps that came before, those that short aliases reach first."""
    mine, *around = scopes_in_sight(scene.placed.scope)
    earlier = scene.earlier
    words = [_word(scene, e, _within(e.placed.alias, e.placed.scope)) for e in earlier]
    for scope in around:
        beside = (e for e in earlier if e.placed.scope == scope)
        words += [
            _word(scene, e, _within(mine + e.placed.alias.removeprefix(scope), mine))
            for e in beside
        ]
    return words


def _word(scene: Scene, earlier: Earlier, alias: str) -> StepStatus:
    execution = earlier.record.execution
    status = execution.status.value if execution.status else ""
    if earlier.placed.step.is_loop and execution.status is not Status.SKIPPED:
        status = flow.phase([execution, *_inside(scene, earlier.placed.path)]).value
    return StepStatus(alias, status, execution.continue_on_error)


def _inside(scene: Scene, path: str) -> list[StepExecution]:
    """What was done for the items of a loop."""
    return [e.record.execution for e in scene.earlier if path in {h.path for h in e.placed.holders}]


def _within(alias: str, scope: str) -> str:
    """An alias whose part before the first `::` is its whole scope, as `status()` has it."""
    return f"{scope[:-2].replace('::', '/')}::{alias.removeprefix(scope)}" if scope else alias


def _subscriptions(warehouse: Warehouse) -> list[Subscription]:
    found = []
    for subscription in warehouse.spec.subscriptions:
        if subscription.image:
            found.append(Subscription("image", subscription.image.repo_url))
        elif subscription.git:
            found.append(Subscription("git", subscription.git.repo_url))
        elif subscription.chart:
            found.append(
                Subscription("chart", subscription.chart.repo_url, subscription.chart.name)
            )
        else:
            found.append(Subscription(subscription.type, name=subscription.name))
    return found


def metas(earlier: Iterable[Earlier]) -> Mapping[str, Any]:
    """What `stepMetas` is: what is known of each step that came before, by alias."""
    return {e.placed.alias: _meta(e) for e in earlier}


def _meta(earlier: Earlier) -> dict[str, Any]:
    return earlier.record.execution.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
        exclude={"path", "uses", "attempt", "worker", "keys"},
    )
