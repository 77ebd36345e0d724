"""The steps of an object, each with its place; those inside groups and loops too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ferryman.domain.manifests.paths import Loc

Raw = Mapping[str, Any]

_LISTS: dict[str, Loc] = {
    "Stage": ("spec", "promotionTemplate", "spec", "steps"),
    "PromotionTask": ("spec", "steps"),
    "ClusterPromotionTask": ("spec", "steps"),
}
TASKS = frozenset(_LISTS) - {"Stage"}
_GROUPS = ("steps", "parallel")
"""The fields of a step that hold steps (ours)."""


@dataclass(frozen=True)
class PlacedStep:
    """One step as it is written, in the order in which it stands."""

    loc: Loc
    data: Raw
    alias: str
    """Its `as`, or what the engine calls it (Kargo §14.35)."""
    above: PlacedStep | None = None
    """The loop or group that it stands in."""

    @property
    def uses(self) -> str:
        """Its kind; "" for tasks and groups."""
        return str(self.data.get("uses") or "")

    @property
    def task(self) -> Raw:
        """The task that it refers to; empty for none."""
        task = self.data.get("task")
        return task if isinstance(task, Mapping) else {}

    @property
    def config(self) -> Raw:
        """Its config; empty where it is none."""
        config = self.data.get("config")
        return config if isinstance(config, Mapping) else {}

    @property
    def vars(self) -> list[Raw]:
        """Its own vars after those that it inherits from what it stands in."""
        own = self.data.get("vars") or ()
        inherited = self.above.vars if self.above else []
        return [*inherited, *(v for v in own if isinstance(v, Mapping) and "name" in v)]

    @property
    def in_loop(self) -> bool:
        """Does it, or what it stands in, run once for each item of a list?"""
        above = self.above
        return above is not None and (above.data.get("forEach") is not None or above.in_loop)

    @property
    def is_group(self) -> bool:
        """Does it hold other steps?"""
        return any(self.data.get(field) for field in _GROUPS)


def placed_steps(data: Raw) -> tuple[PlacedStep, ...]:
    """Every step of an object (its plain data), outer ones before those inside."""
    loc = _LISTS.get(str(data.get("kind")))
    return tuple(_in_list(_at(data, loc), loc, None)) if loc else ()


def _in_list(steps: Any, loc: Loc, above: PlacedStep | None) -> Iterator[PlacedStep]:
    for index, step in enumerate(steps if isinstance(steps, (list, tuple)) else ()):
        if isinstance(step, Mapping):
            alias = str(step.get("as") or f"{_word(step, above)}-{index + 1}")
            placed = PlacedStep((*loc, index), step, alias, above)
            yield placed
            for field in _GROUPS:
                yield from _in_list(step.get(field), (*placed.loc, field), placed)


def _word(step: Raw, above: PlacedStep | None) -> str:
    """What the alias of a nameless step begins with: of a group's steps its name."""
    if above and above.data.get("parallel"):
        return above.alias
    return "task" if step.get("task") else "step"


def _at(data: Any, loc: Loc) -> Any:
    for key in loc:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data
