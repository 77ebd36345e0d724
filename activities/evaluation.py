"""Evaluation: a step's `if` and config, evaluated against what is recorded of its Promotion."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from activities.scene import Scene
from activities.scrubbing import Scrubber
from ferryman.domain.errors import InvalidError, NotFoundError
from ferryman.domain.expressions import (
    Environment,
    has_expressions,
    kargo,
    render,
    render_config,
)
from ferryman.domain.expressions.kargo import StepStatus as StepWord
from ferryman.domain.expressions.kargo import Subscription, World
from ferryman.domain.freight import Freight
from ferryman.domain.secret import PUBLIC_KEYS, ConfigMap, Secret
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepExecution, Variable
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.store import Store


class Evaluation:
    """Evaluates one step's expressions; learns on the way which secrets were read."""

    def __init__(self, store: Store, scene: Scene) -> None:
        self.scrubber = Scrubber()
        self._store = store
        self._scene = scene
        self._secrets: Mapping[str, Mapping[str, str]] = {}
        self._config_maps: Mapping[str, Mapping[str, str]] = {}
        self._world = World()
        self._variables: dict[str, Any] = {}

    async def prepare(self) -> None:
        """Gather what the expressions may ask for; raises ExpressionError for a bad var."""
        promotion = self._scene.promotion
        text = json.dumps([s.dump() for s in (self._scene.step, *promotion.spec.vars)])
        project = promotion.project
        inherited = any(r.sensitive for r in self._scene.earlier)
        if inherited or "secret" in text.lower():
            found = await self._store.resources.list(Secret, project)
            self._secrets = {secret.name: secret.data for secret in found}
        if inherited:  # by way of an output; which secret it was, nobody knows any more
            for name in self._secrets:
                self._secret(name)
        if "configmap" in text.lower():
            maps = await self._store.resources.list(ConfigMap, project)
            self._config_maps = {config_map.name: config_map.data for config_map in maps}
        if not has_expressions(text):
            return  # literals ask for nothing
        freight, stage, warehouses = await asyncio.gather(
            self._freight(),
            self._store.resources.get(Stage, project, promotion.spec.stage),
            self._store.resources.list(Warehouse, project),
        )
        self._world = self._gathered(stage, freight, warehouses)
        self._variables = {
            "ctx": self._context(freight),
            "outputs": {r.execution.alias: r.output for r in self._scene.earlier if r.output},
            "vars": {},
        }
        self._variables["vars"] = self._rendered(promotion.spec.vars, in_step=False)
        self._variables["vars"] |= self._rendered(self._scene.step.vars, in_step=True)

    def condition_holds(self) -> bool:
        """Whether the step's `if` is true or absent; raises InvalidError for other types."""
        condition = self._scene.step.if_
        if not condition:
            return True
        result = render(condition, self._environment(), field="if")
        if not isinstance(result, bool):
            sentence = f"is {type(result).__name__}, not true or false; compare with something"
            raise InvalidError(sentence, field="if")
        return result

    def config(self) -> Any:
        """The config with every expression evaluated; raises ExpressionError."""
        return render_config(self._scene.step.config, self._environment(), field="config")

    def _environment(self, *, in_step: bool = True) -> Environment:
        now = self._scene.record.execution.started_at or self._scene.call.now
        return kargo.environment(self._variables, self._world, in_step=in_step, now=now)

    def _rendered(self, variables: Sequence[Variable], *, in_step: bool) -> dict[str, Any]:
        """Each var in turn, seeing those before it."""
        values = dict(self._variables["vars"])
        for variable in variables:
            self._variables["vars"] = values
            environment = self._environment(in_step=in_step)
            field = f"vars.{variable.name}"
            values = values | {variable.name: render(variable.value, environment, field=field)}
        return values

    def _context(self, freight: Freight | None) -> dict[str, Any]:
        promotion, target = self._scene.promotion, self._scene.promotion.status.freight
        actor = promotion.metadata.annotations.get("kargo.akuity.io/create-actor", "")
        return {
            "uiBaseUrl": "",
            "project": promotion.project,
            "stage": promotion.spec.stage,
            "promotion": promotion.name,
            "targetFreight": {
                "name": promotion.spec.freight,
                "alias": freight.alias if freight else "",
                "origin": {"name": target.origin.name if target else ""},
            },
            "meta": {
                "promotion": {"actor": actor, "rollback": False},
                "step": {"alias": self._scene.facts.alias},
            },
        }

    async def _freight(self) -> Freight | None:
        promotion = self._scene.promotion
        try:
            return await self._store.freight.get(promotion.project, promotion.spec.freight)
        except NotFoundError:
            return None  # the Promotion remembers its contents all the same

    def _gathered(
        self, stage: Stage, freight: Freight | None, warehouses: Sequence[Warehouse]
    ) -> World:
        collection = self._scene.promotion.status.freight_collection
        requested = [r.origin.name for r in stage.spec.requested_freight]
        return World(
            freight=[f.dump() for f in collection.items.values()] if collection else (),
            requested=requested,
            subscriptions={w.name: _subscriptions(w) for w in warehouses if w.name in requested},
            secret=self._secret,
            config_map=self._config_maps.get,
            freight_metadata=lambda name: _metadata_of(freight, name),
            freight_status=lambda name: _status_of(freight, name),
            stage_metadata=lambda name: stage.status.metadata if name == stage.name else None,
            steps=[_word(r.execution) for r in self._scene.earlier if r.execution.status],
            alias=self._scene.facts.alias,
        )

    def _secret(self, name: str) -> Mapping[str, str] | None:
        found = self._secrets.get(name)
        if found:
            self.scrubber.learn(v for key, v in found.items() if key not in PUBLIC_KEYS)
        return found


def _word(execution: StepExecution) -> StepWord:
    status = execution.status.value if execution.status else ""
    return StepWord(execution.alias, status, execution.continue_on_error)


def _metadata_of(freight: Freight | None, name: str) -> Mapping[str, Any] | None:
    return freight.status.metadata if freight and name in {freight.name, freight.alias} else None


def _status_of(freight: Freight | None, name: str) -> Mapping[str, Any] | None:
    return freight.status.dump() if freight and name in {freight.name, freight.alias} else None


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
