"""Functions that run an expression once per item: `filter(items, # > 1)`.

Loops that may stop early do so; `findLast` and `findLastIndex` start at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ferryman.domain.expressions.arithmetic import add
from ferryman.domain.expressions.environment import Frame
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.functions.lists import in_order
from ferryman.domain.expressions.functions.maps import as_key
from ferryman.domain.expressions.values import AnyMap, kind_of

Code = Callable[[Frame], Any]
"""A compiled expression."""

Rounds = Iterator[tuple[int, Any, Any]]
"""What a loop yields: index, item, and the predicate's value for it."""

_ITEM, _INDEX, _ACCUMULATOR = 0, 1, 2
POINTERS: Final = {"": _ITEM, "index": _INDEX, "acc": _ACCUMULATOR}
"""Where among a predicate's slots `#`, `#index` and `#acc` stand."""


@dataclass(frozen=True, slots=True)
class Loop:
    """`name(items, body, third)`; each round costs `cost` steps."""

    name: str
    items: Code
    body: Code | None
    third: Code | None
    slot: int
    cost: int

    def __call__(self, frame: Frame) -> Any:
        """Return what the function makes of the items; raises `Fault`."""
        items = self.items(frame)
        if not isinstance(items, list):
            raise Fault(f"{self.name} wants an array, not {kind_of(items)}")
        if test := _TESTING.get(self.name):
            return test(self.tests(frame, items))
        return _COMPUTING[self.name](self, frame, items)

    def rounds(self, frame: Frame, items: list[Any], order: Iterable[int] | None = None) -> Rounds:
        """Run the body for each item, or take the item itself if there is no body."""
        slots, body = frame.slots, self.body
        for index in range(len(items)) if order is None else order:
            frame.spend(self.cost)
            slots[self.slot + _ITEM] = item = items[index]
            slots[self.slot + _INDEX] = index
            yield index, item, body(frame) if body else item

    def tests(self, frame: Frame, items: list[Any]) -> Rounds:
        """Run a body that has to say true or false."""
        order = reversed(range(len(items))) if self.name in _BACKWARDS else None
        for step in self.rounds(frame, items, order):
            if type(step[2]) is not bool:
                raise Fault(f"the predicate of {self.name} gives {kind_of(step[2])}, not a bool")
            yield step


def _map(loop: Loop, frame: Frame, items: list[Any]) -> list[Any]:
    return [value for _, _, value in loop.rounds(frame, items)]


def _sum(loop: Loop, frame: Frame, items: list[Any]) -> Any:
    total: Any = 0
    for _, _, value in loop.rounds(frame, items):
        total = add(value, total, frame)
    return total


def _group(loop: Loop, frame: Frame, items: list[Any]) -> AnyMap:
    groups = AnyMap()
    for _, item, key in loop.rounds(frame, items):
        groups.setdefault(as_key(key), []).append(item)
    return groups


def _sort(loop: Loop, frame: Frame, items: list[Any]) -> list[Any]:
    order = loop.third(frame) if loop.third else "asc"
    keyed = [(key, item) for _, item, key in loop.rounds(frame, items)]
    return [item for _, item in in_order(keyed, order, frame)]


def _reduce(loop: Loop, frame: Frame, items: list[Any]) -> Any:
    slots, place = frame.slots, loop.slot + _ACCUMULATOR
    if not items and not loop.third:
        raise Fault("reduce of an empty array wants a third argument to begin with")
    slots[place] = loop.third(frame) if loop.third else items[0]
    order = range(0 if loop.third else 1, len(items))
    for _, _, value in loop.rounds(frame, items, order):
        slots[place] = value
    return slots[place]


_COMPUTING: Final[dict[str, Callable[[Loop, Frame, list[Any]], Any]]] = {
    "map": _map,
    "sum": _sum,
    "groupBy": _group,
    "sortBy": _sort,
    "reduce": _reduce,
}

_TESTING: Final[dict[str, Callable[[Rounds], Any]]] = {
    "all": lambda rounds: all(test for _, _, test in rounds),
    "any": lambda rounds: any(test for _, _, test in rounds),
    "none": lambda rounds: not any(test for _, _, test in rounds),
    "one": lambda rounds: sum(test for _, _, test in rounds) == 1,
    "count": lambda rounds: sum(test for _, _, test in rounds),
    "filter": lambda rounds: [item for _, item, test in rounds if test],
    "find": lambda rounds: next((item for _, item, test in rounds if test), None),
    "findLast": lambda rounds: next((item for _, item, test in rounds if test), None),
    "findIndex": lambda rounds: next((index for index, _, test in rounds if test), None),
    "findLastIndex": lambda rounds: next((index for index, _, test in rounds if test), None),
}
_BACKWARDS: Final = frozenset({"findLast", "findLastIndex"})
