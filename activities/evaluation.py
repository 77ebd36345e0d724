"""Evaluation: a step's `if` and config, evaluated against what is recorded of its Promotion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from activities import surroundings
from activities.named_freight import NamedFreight
from activities.scene import Scene
from activities.scrubbing import Scrubber
from ferryman.domain.errors import InvalidError
from ferryman.domain.expressions import (
    Environment,
    has_expressions,
    kargo,
    render,
    render_config,
)
from ferryman.domain.expressions.kargo import World
from ferryman.domain.loops import items_of
from ferryman.domain.outputs import Outcome, outputs, task_outputs
from ferryman.domain.placement import Holder
from ferryman.domain.secret import PUBLIC_KEYS, ConfigMap, Secret
from ferryman.domain.step import LOOP, Variable
from ferryman.storage.resource_rows import R
from ferryman.storage.store import Store


class Evaluation:
    """Evaluates one step's expressions; learns on the way which secrets were read."""

    def __init__(self, store: Store, scene: Scene, shared: Sequence[str] = ()) -> None:
        self.scrubber = Scrubber()
        self._shared = shared
        self._store = store
        self._scene = scene
        self._secrets: Mapping[str, Mapping[str, str]] = {}
        self._shared_secrets: Mapping[str, Mapping[str, str]] = {}
        self._config_maps: Mapping[str, Mapping[str, str]] = {}
        self._shared_config_maps: Mapping[str, Mapping[str, str]] = {}
        self._freight = NamedFreight(store.freight, scene.promotion.project)
        self._world = World()
        self._variables: dict[str, Any] = {}

    async def prepare(self) -> None:
        """Gather what the expressions may ask for; raises ExpressionError for a bad var."""
        scene, project = self._scene, self._scene.promotion.project
        text = _text(scene)
        inherited = any(e.record.sensitive for e in scene.earlier)
        if inherited or "secret" in text.lower():
            shared = await self._of(Secret, *self._shared)
            self._secrets = {s.name: s.data for s in await self._of(Secret, project)}
            # The others speak for repositories (Kargo §4).
            self._shared_secrets = {s.name: s.data for s in shared if s.cred_type == "generic"}
        if inherited:  # by way of an output; which secret it was, nobody knows any more
            for name in self._secrets:
                self._secret(name)
            for name in self._shared_secrets:
                self._shared_secret(name)
        if "configmap" in text.lower():
            self._config_maps = {c.name: c.data for c in await self._of(ConfigMap, project)}
            maps = await self._of(ConfigMap, *self._shared)
            self._shared_config_maps = {config_map.name: config_map.data for config_map in maps}
        if not has_expressions(text):
            return  # literals ask for nothing
        around = await surroundings.around(self._store, scene, text)
        if around.target:
            self._freight.know(around.target)
        self._world = around.world(
            freight=self._freight.get,
            secret=self._secret,
            shared_secret=self._shared_secret,
            config_map=self._config_maps.get,
            shared_config_map=self._shared_config_maps.get,
        )
        self._variables = {"ctx": around.context(), "vars": {}}
        await self._render(scene.promotion.spec.vars, in_step=False)
        self._variables |= self._outputs()
        for holder in scene.placed.holders:
            await self._render(holder.step.vars)
            self._variables |= self._item(holder)
        await self._render(scene.step.vars)

    async def condition_holds(self) -> bool:
        """Whether the step's `if` is true or absent, or was true before (Kargo §14.22).

        Raises InvalidError for a result that is neither true nor false.
        """
        condition = self._scene.step.if_
        if not condition or self._scene.record.condition_held:
            return True
        result = await self._freight.settled(
            lambda: render(condition, self._environment(), field="if")
        )
        if not isinstance(result, bool):
            sentence = f"is {type(result).__name__}, not true or false; compare with something"
            raise InvalidError(sentence, field="if")
        return result

    async def config(self) -> Any:
        """The config with every expression evaluated; raises ExpressionError."""
        return await self._rendered(self._scene.step.config, "config")

    async def items(self) -> list[Any]:
        """The items of a loop; raises ExpressionError, and InvalidError for what is no list."""
        return items_of(await self._rendered(self._scene.step.for_each, LOOP))

    async def _rendered(self, config: Any, field: str) -> Any:
        return await self._freight.settled(
            lambda: render_config(config, self._environment(), field=field)
        )

    def _environment(self, *, in_step: bool = True) -> Environment:
        now = self._scene.started_at
        return kargo.environment(self._variables, self._world, in_step=in_step, now=now)

    async def _render(self, variables: Sequence[Variable], *, in_step: bool = True) -> None:
        """Each var in turn, seeing those before it."""
        for variable in variables:
            environment, field = self._environment(in_step=in_step), f"vars.{variable.name}"
            value = await self._freight.settled(
                partial(render, variable.value, environment, field=field)
            )
            self._variables["vars"] = self._variables["vars"] | {variable.name: value}

    def _outputs(self) -> dict[str, Any]:
        """What a step sees of those before it."""
        earlier, scope = self._scene.earlier, self._scene.placed.scope
        outcomes = [
            Outcome(e.placed.alias, e.placed.step.kind, e.record.output, e.record.execution.keys)
            for e in earlier
        ]
        of_task = task_outputs(outcomes, scope)
        return {
            "outputs": outputs(outcomes, scope),
            "stepMetas": surroundings.metas(earlier),
            **({} if of_task is None else {"task": {"outputs": of_task}}),
        }

    def _item(self, holder: Holder) -> dict[str, Any]:
        """What a loop is at."""
        if holder.key is None:
            return {}
        items = self._scene.records[holder.path].output["items"]
        return {"item": items[holder.index], "key": holder.key, "index": holder.index}

    async def _of(self, model: type[R], *projects: str) -> list[R]:
        """Those of the Projects; of several by one name, that of the first Project comes last."""
        resources = self._store.resources
        return [r for project in reversed(projects) for r in await resources.list(model, project)]

    def _secret(self, name: str) -> Mapping[str, str] | None:
        return self._learned(self._secrets.get(name))

    def _shared_secret(self, name: str) -> Mapping[str, str] | None:
        return self._learned(self._shared_secrets.get(name))

    def _learned(self, found: Mapping[str, str] | None) -> Mapping[str, str] | None:
        if found:
            self.scrubber.learn(v for key, v in found.items() if key not in PUBLIC_KEYS)
        return found


def _text(scene: Scene) -> str:
    """All that may hold expressions of the step."""
    variables = [*scene.promotion.spec.vars, *scene.placed.vars]
    return json.dumps([scene.step.dump(), *(v.dump() for v in variables)])
