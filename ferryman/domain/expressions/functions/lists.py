"""Functions on arrays that need no predicate (expr-lang's "Array Functions")."""

from __future__ import annotations

from functools import cmp_to_key
from itertools import chain
from typing import Any, Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.access import fetch
from ferryman.domain.expressions.arithmetic import too_many, whole
from ferryman.domain.expressions.comparison import equal, ordered
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import define
from ferryman.domain.expressions.values import Context


def in_order(pairs: list[tuple[Any, Any]], order: str, context: Context) -> list[tuple[Any, Any]]:
    """Sort `pairs` by the first of each; raises `Fault` if two cannot be compared."""
    if order not in ("asc", "desc"):
        raise Fault("the order is either 'asc' or 'desc'")

    def compare(one: tuple[Any, Any], other: tuple[Any, Any]) -> int:
        context.spend(1)
        if ordered("<", one[0], other[0], context):
            return -1
        return int(ordered("<", other[0], one[0], context))

    return sorted(pairs, key=cmp_to_key(compare), reverse=order == "desc")


def _sort(context: Context, items: list[Any] | None, order: str = "asc") -> list[Any]:
    return [item for _, item in in_order([(item, item) for item in items or []], order, context)]


def _first(items: Any) -> Any:
    return fetch(items, 0) if isinstance(items, (list, str)) and items else None


def _last(items: Any) -> Any:
    return fetch(items, -1) if isinstance(items, (list, str)) and items else None


def _take(items: list[Any], count: int) -> list[Any]:
    if whole(count) < 0:
        raise Fault("take wants a count that is not negative")
    return items[:count]


def _reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


def _unique(context: Context, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        context.spend(1 + len(kept))
        if not any(equal(item, known, context) for known in kept):
            kept.append(item)
    return kept


def _concat(*lists: list[Any]) -> list[Any]:
    if sum(map(len, lists)) > limits.ITEMS:
        raise too_many()
    return list(chain.from_iterable(lists))


def _flatten(context: Context, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        context.spend(1)
        item = next(waiting[-1], _DONE)
        if item is _DONE:
            waiting.pop()
        elif isinstance(item, list):
            waiting.append(iter(item))
        else:
            flat.append(item)
    if len(flat) > limits.ITEMS:
        raise too_many()
    return flat


_DONE: Final = object()

FUNCTIONS: Final = (
    define("first(items) any", _first),
    define("last(items) any", _last),
    define("take(array, int) same", _take),
    define("reverse(array) array", _reverse),
    define("uniq(array) array", _unique, contextual=True),
    define("concat(array...) array", _concat),
    define("flatten(array) array", _flatten, contextual=True),
    define("sort(array|nil, string?) array", _sort, contextual=True),
)
