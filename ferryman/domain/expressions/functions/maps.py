"""Functions on maps (expr-lang's "Map Functions"), and `get` and `len`."""

from __future__ import annotations

from typing import Any, Final

from ferryman.domain.expressions.access import fetch
from ferryman.domain.expressions.arithmetic import whole
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import define
from ferryman.domain.expressions.values import AnyMap, Struct, kind_of

_PAIR: Final = 2


def as_key(value: Any) -> Any:
    """Return `value`; raises `Fault` if it cannot be the key of a map."""
    if isinstance(value, (list, dict)):
        raise Fault(f"{kind_of(value)} cannot be the key of a map")
    return value


def _to_pairs(entries: dict[Any, Any]) -> list[list[Any]]:
    return [[key, value] for key, value in entries.items()]


def _from_pairs(pairs: list[Any]) -> AnyMap:
    for pair in pairs:
        if type(pair) is not list or len(pair) != _PAIR:
            raise Fault("fromPairs wants pairs: arrays of a key and a value")
    return AnyMap((as_key(key), value) for key, value in pairs)


def _get(target: Any, key: Any) -> Any:
    """Return what `fetch` returns, or nil where there is nothing to be found."""
    if isinstance(target, (list, str)):
        if isinstance(key, str):
            raise Fault("an array or a string has no fields, only numbered items")
        return fetch(target, key) if -len(target) <= whole(key) < len(target) else None
    if isinstance(target, Struct):
        return target.member(key) if isinstance(key, str) and target.has(key) else None
    return fetch(target, key) if isinstance(target, dict) else None


FUNCTIONS: Final = (
    define("keys(map) array", list),
    define("values(map) array", lambda entries: list(entries.values())),
    define("toPairs(map) array", _to_pairs),
    define("fromPairs(array) anymap", _from_pairs),
    define("get(indexed, any) any", _get),
    define("len(string|array|map) int", len),
)
