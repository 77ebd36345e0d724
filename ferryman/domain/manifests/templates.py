"""Every expression of an object: where it stands, and what it may name there."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ferryman.domain.expressions import Scope, has_expressions
from ferryman.domain.manifests import scopes
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.manifests.placed_steps import TASKS, PlacedStep, Raw, placed_steps

_TEMPLATE: Loc = ("spec", "promotionTemplate")
_NO_STEP = "no step before this one is called so"
_NO_VAR = "declare it in spec.vars, or every Stage must give it"
_OUTPUTS = "outputs[*].fromExpression"
_RAW: dict[str, tuple[tuple[str, Scope], ...]] = {
    "http": tuple(
        (field, scopes.RESPONSE)
        for field in ("successExpression", "failureExpression", "errorExpression", _OUTPUTS)
    ),
    **dict.fromkeys(("yaml-parse", "json-parse", "toml-parse"), ((_OUTPUTS, scopes.PARSED_FILE),)),
}
"""The fields of steps that are expressions without delimiters."""


@dataclass(frozen=True)
class Doubt:
    """A narrower scope: what goes beyond it will probably not be there."""

    topic: str
    advice: str
    scope: Scope


@dataclass(frozen=True)
class Template:
    """A text that holds expressions, or (`raw`) is one."""

    loc: Loc
    text: str
    scope: Scope
    """What is there, or may be."""
    doubts: tuple[Doubt, ...] = ()
    raw: bool = False


def templates(data: Raw) -> Iterator[Template]:
    """All of an object's, from its plain data, in the order of the document."""
    kind = str(data.get("kind"))
    if kind == "Stage":
        yield from _of_stage(data)
    elif kind in TASKS:
        yield from _of_task(data)
    elif kind == "Warehouse":
        yield from _of_warehouse(data)


def texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every string in `value` that holds an expression, with its place."""
    if isinstance(value, str):
        if has_expressions(value):
            yield loc, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, (*loc, key))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from texts(inner, (*loc, index))


def _of_stage(data: Raw) -> Iterator[Template]:
    variables = [variable for at in ((), _TEMPLATE) for variable in _vars(data, at)]
    order = scopes.order_of(variable["name"] for _, variable in variables)
    for index, (loc, variable) in enumerate(variables):
        yield from _in(variable["value"], loc, scopes.of_vars(scopes.Earlier(order, index)))
    known = dict.fromkeys(order)
    for place in _each_step(data, known):
        yield from _of_step(place)
    for loc, value in places(data, "spec.verification.args[*].value"):
        yield from _in(value, loc, scopes.of_vars(known))


def _of_task(data: Raw) -> Iterator[Template]:
    variables = list(_vars(data, ()))
    for loc, variable in variables:
        yield from _in(variable["value"], loc, scopes.of_step(in_var=True))
    known = dict.fromkeys(str(variable["name"]) for _, variable in variables)
    for place in _each_step(data, known, in_task=True):
        yield from _of_step(place)


@dataclass(frozen=True)
class _Place:
    """A step, and what stands before it."""

    step: PlacedStep
    variables: dict[str, None]
    outputs: scopes.Earlier
    in_task: bool

    def visible(self, own: list[str], *, in_var: bool = False) -> tuple[Scope, tuple[Doubt, ...]]:
        """What the step may name, and what it had better not; whoever uses a task adds vars."""
        scope = partial(scopes.of_step, loop=self.step.in_loop, in_var=in_var)
        known = ChainMap(dict.fromkeys(own), self.variables)
        if not self.in_task:
            return scope(known), (Doubt("unknown-output", _NO_STEP, scope(known, self.outputs)),)
        return scope(task=True), (
            Doubt("undeclared-var", _NO_VAR, scope(known, task=True)),
            Doubt("unknown-output", _NO_STEP, scope(task=self.outputs)),
        )


def _each_step(data: Raw, variables: dict[str, None], *, in_task: bool = False) -> Iterator[_Place]:
    steps = placed_steps(data)
    order = scopes.order_of(step.alias for step in steps)
    holders = frozenset(step.alias for step in steps if step.task or step.is_group)
    for index, step in enumerate(steps):
        yield _Place(step, variables, scopes.Earlier(order, index, holders), in_task)


def _of_step(place: _Place) -> Iterator[Template]:
    step = place.step
    own = [str(variable["name"]) for variable in (step.above.vars if step.above else ())]
    for loc, variable in _vars(step.data, (), "vars[*]"):
        yield from _in(variable["value"], (*step.loc, *loc), *place.visible(own, in_var=True))
        own.append(variable["name"])
    seen = place.visible(own)
    for field in ("if", "forEach", "concurrency", "config"):
        yield from _in(step.data.get(field), (*step.loc, field), *seen)
    for pattern, scope in _RAW.get(step.uses, ()):
        for loc, text in places(step.config, pattern):
            if isinstance(text, str) and text and not has_expressions(text):
                yield Template((*step.loc, "config", *loc), text, scope, raw=True)


def _of_warehouse(data: Raw) -> Iterator[Template]:
    for loc, text in places(data, "spec.freightCreationCriteria.expression"):
        if text:
            yield Template(loc, text, scopes.CRITERIA, raw=True)
    for loc, git in places(data, "spec.subscriptions[*].git"):
        if text := git.get("expressionFilter"):
            scope = scopes.of_commits(git.get("commitSelectionStrategy"))
            yield Template((*loc, "expressionFilter"), text, scope, raw=True)


def _in(value: Any, loc: Loc, scope: Scope, doubts: tuple[Doubt, ...] = ()) -> Iterator[Template]:
    for place, text in texts(value, loc):
        yield Template(place, text, scope, doubts)


def _vars(data: Raw, at: Loc, pattern: str = "spec.vars[*]") -> Iterator[tuple[Loc, Raw]]:
    inner = data
    for key in at:
        inner = inner.get(str(key)) or {}
    for loc, variable in places(inner, pattern):
        if isinstance(variable, Mapping) and "name" in variable:
            yield (*at, *loc, "value"), {"value": "", **variable}
