"""Outputs: what a step's expressions know of the outputs of those before it (Kargo §4).

`outputs` has every output by its alias. A step in a loop also finds those beside it by their
short aliases, and after a loop `outputs.regions.eu.update` leads to them. What `compose-output`
composes in a task is found under the task's alias, too. `task.outputs` has the short aliases of
the task that the step is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ferryman.domain.inlining import SEPARATOR

_COMPOSE: Final = "compose-output"
_ITEM = re.compile(rf"([^\[\]]+)\[([^\[\]]+)\]{SEPARATOR}")
_END_OF_ITEM: Final = f"]{SEPARATOR}"


@dataclass(frozen=True)
class Outcome:
    """What is known of a step that came before."""

    alias: str
    uses: str = ""
    output: Mapping[str, Any] | None = None
    keys: Sequence[str] | None = None
    """Of a loop."""


def outputs(outcomes: Sequence[Outcome], scope: str) -> dict[str, Any]:
    """What `outputs` is to a step whose alias begins with `scope`."""
    known = _within("", outcomes)
    for end in (match.end() for match in re.finditer(re.escape(_END_OF_ITEM), scope)):
        known |= _within(scope[:end], outcomes)
    return known


def task_outputs(outcomes: Sequence[Outcome], scope: str) -> dict[str, Any] | None:
    """What `task.outputs` is to such a step; None outside of tasks."""
    task = scopes_in_sight(scope)[-1]
    return _within(task, outcomes) if task else None


def scopes_in_sight(scope: str) -> list[str]:
    """Whose short aliases mean something there: those around loops too, none around a task."""
    seen = [scope]
    while scope.endswith(_END_OF_ITEM):
        around, separator, _ = scope[: -len(SEPARATOR)].rpartition(SEPARATOR)
        scope = around + separator
        seen.append(scope)
    return seen


def _within(scope: str, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Outputs by what follows the scope in their aliases, those in loops also by item."""
    known: dict[str, Any] = {}
    for outcome in outcomes:
        if not outcome.alias.startswith(scope):
            continue
        short = outcome.alias[len(scope) :]
        way, last = _way(short)
        place = _at(known, way)
        if outcome.keys is not None:
            place[last] = {key: {} for key in outcome.keys}
        elif outcome.output:
            known[short] = place[last] = outcome.output
            task, separator, _ = last.partition(SEPARATOR)
            if separator and outcome.uses == _COMPOSE:
                place[task] = {**place.get(task, {}), **outcome.output}
    return known


def _way(alias: str) -> tuple[list[str], str]:
    """`regions[eu]::update` → [`regions`, `eu`], `update`."""
    way: list[str] = []
    end = 0
    while item := _ITEM.match(alias, end):
        way += item.groups()
        end = item.end()
    return way, alias[end:]


def _at(known: dict[str, Any], way: Iterable[str]) -> dict[str, Any]:
    for name in way:
        known = known.setdefault(name, {})
    return known
