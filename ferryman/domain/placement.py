"""Placement: where a Promotion's steps stand, how each is called, and what comes before it.

A step is known by its path. It ends with its place in its list, from 1, and begins with what the
step stands in::

    3                        a step of the template (with all tasks inlined)
    deploy::2                the second step of the task `deploy`
    regions[eu]::1           the first step of the loop `regions`, for the item `eu`
    checks::1                the first step of the group `checks`
    regions[eu]::deploy::2   and so on

Its alias begins likewise, but that a group leaves no trace in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from ferryman.domain.inlining import SEPARATOR, alias_in
from ferryman.domain.step import Step, StepExecution, StepStatus, Variable

Keys = Mapping[str, Sequence[str]]
"""Path of a loop → what its items are called; a loop that is missing has none (yet)."""
T = TypeVar("T")


@dataclass(frozen=True)
class Enclosure:
    """What a list of steps stands in; nothing for a Promotion's own."""

    prefix: str = ""
    """What the paths of its steps begin with."""
    scope: str = ""
    """What their aliases begin with."""

    def of_item(self, alias: str, key: str) -> Enclosure:
        """The steps of a loop, for one of its items."""
        item = f"{alias}[{key}]{SEPARATOR}"
        return Enclosure(self.prefix + item, self.scope + item)

    def of_group(self, alias: str) -> Enclosure:
        """The steps of a group."""
        return Enclosure(f"{self.prefix}{alias}{SEPARATOR}", self.scope + task_of(alias))


@dataclass(frozen=True)
class Named:
    """A step of a list, and what it is called there."""

    step: Step
    path: str
    alias: str


@dataclass(frozen=True)
class Holder:
    """A loop or a group that a step stands in; of a loop, one item."""

    step: Step
    path: str
    key: str | None = None
    index: int = 0
    """From 0."""


@dataclass(frozen=True)
class Placed:
    """A step in its place."""

    name: Named
    within: Enclosure
    place: tuple[int, ...]
    """Its index in its list, after those of what it stands in, and of the item or branch there."""
    orders: tuple[bool, ...]
    """For each number of the place: does what it counts come one after the other?"""
    holders: tuple[Holder, ...] = ()
    """What it stands in, the outermost first."""

    @property
    def step(self) -> Step:
        """As it is written."""
        return self.name.step

    @property
    def path(self) -> str:
        """What it is known by."""
        return self.within.prefix + self.name.path

    @property
    def alias(self) -> str:
        """What outputs and people call it."""
        return self.within.scope + self.name.alias

    @property
    def scope(self) -> str:
        """What its alias begins with: of its task or item; "" outside of both."""
        return self.within.scope + task_of(self.name.alias)

    @property
    def order(self) -> str:
        """Its place as text: `3.2.1`."""
        return ".".join(map(str, self.place))

    @property
    def continue_on_error(self) -> bool:
        """Do its failures count for nothing?"""
        return self.step.continue_on_error or any(h.step.continue_on_error for h in self.holders)

    @property
    def vars(self) -> tuple[Variable, ...]:
        """Its own vars after those of what it stands in."""
        inherited = (v for holder in self.holders for v in holder.step.vars)
        return (*inherited, *self.step.vars)

    def after(self, other: Placed) -> bool:
        """Does `other` come before it, and not beside it?"""
        for mine, theirs, ordered in zip(self.place, other.place, self.orders, strict=False):
            if mine != theirs:
                return ordered and theirs < mine
        return len(other.place) < len(self.place)


def task_of(alias: str) -> str:
    """What an alias within a list owes to its task: `deploy::`, or "" for none."""
    task, separator, _ = alias.partition(SEPARATOR)
    return task + separator if separator else ""


def named(steps: Sequence[Step], group: str = "") -> list[Named]:
    """The steps of one list, perhaps of a `group`, as they are called within it."""
    of_task: Counter[str] = Counter()
    found = []
    for index, step in enumerate(steps):
        alias = alias_in(step, index, group.rpartition(SEPARATOR)[2])
        task = task_of(alias)
        of_task[task] += 1
        found.append(Named(step, f"{task}{of_task[task]}" if task else str(index + 1), alias))
    return found


def branches(steps: Iterable[T], alias: Callable[[T], str]) -> list[list[T]]:
    """What of a group runs side by side: each step by itself, but a task's one after the other."""
    numbered = enumerate(steps)
    by_branch = groupby(numbered, lambda entry: task_of(alias(entry[1])) or entry[0])
    return [[step for _, step in branch] for _, branch in by_branch]


def top(steps: Sequence[Step]) -> list[Placed]:
    """The steps that stand in nothing."""
    return _listed(named(steps), Enclosure(), (), (), ())


def inside(placed: Placed, keys: Keys) -> list[list[Placed]]:
    """The items of a loop or the branches of a group, each a list of steps in order."""
    name = placed.name
    if not placed.step.is_loop:
        side_by_side = branches(named(placed.step.children, name.alias), lambda n: n.alias)
        within, orders = placed.within.of_group(name.alias), (*placed.orders, False)
        holders = (*placed.holders, Holder(placed.step, placed.path))
        return [
            _listed(branch, within, (*placed.place, number), orders, holders)
            for number, branch in enumerate(side_by_side, start=1)
        ]
    children, orders = named(placed.step.children), (*placed.orders, placed.step.one_by_one)
    return [
        _listed(
            children,
            placed.within.of_item(name.alias, key),
            (*placed.place, index + 1),
            orders,
            (*placed.holders, Holder(placed.step, placed.path, key, index)),
        )
        for index, key in enumerate(keys.get(placed.path, ()))
    ]


def walk(steps: Sequence[Step], keys: Keys) -> Iterator[Placed]:
    """Every step in the order of the document, a loop or group before what is in it."""
    for placed in top(steps):
        yield from _walk(placed, keys)


def find(steps: Sequence[Step], keys: Keys, path: str) -> Placed | None:
    """The step of that path; None where there is none."""
    return next((placed for placed in walk(steps, keys) if placed.path == path), None)


def keys_of(executions: Iterable[StepExecution]) -> dict[str, Sequence[str]]:
    """What the items of those loops are called that went in."""
    return {s.path: s.keys for s in executions if s.keys and s.status is StepStatus.SUCCEEDED}


def _walk(placed: Placed, keys: Keys) -> Iterator[Placed]:
    yield placed
    for part in inside(placed, keys):
        for child in part:
            yield from _walk(child, keys)


def _listed(
    steps: Iterable[Named],
    within: Enclosure,
    place: tuple[int, ...],
    orders: tuple[bool, ...],
    holders: tuple[Holder, ...],
) -> list[Placed]:
    return [
        Placed(name, within, (*place, index), (*orders, True), holders)
        for index, name in enumerate(steps, start=1)
    ]
