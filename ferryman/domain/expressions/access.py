"""Reading into a value: `value.key`, `value[key]`, `value[start:stop]`."""

from __future__ import annotations

from typing import Any

from ferryman.domain.expressions.arithmetic import whole
from ferryman.domain.expressions.environment import weight
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.values import AnyMap, Context, StringMap, Struct, kind_of


def fetch(target: Any, key: Any) -> Any:
    """Return what stands in `target` under `key`.

    A key that a map lacks gives nil; an index that a list lacks is an error. A negative index
    counts from the end. A string gives the character's number.
    """
    if isinstance(target, dict):
        return _entry(target, key)
    if isinstance(target, list):
        return target[_index(key, len(target))]
    if isinstance(target, str):
        return ord(target[_index(key, len(target))])
    if isinstance(target, Struct) and isinstance(key, str):
        return target.member(key)
    hint = "; write '?.' before what may be missing" if target is None else ""
    raise Fault(f"{kind_of(target)} has no fields or items{hint}")


def cut(target: Any, start: int | None, stop: int | None, context: Context) -> Any:
    """Return `target[start:stop]`; bounds beyond the ends, and missing ones, mean the ends.

    Characters of a string are counted, where Go counts bytes and would cut one in two.
    """
    if not isinstance(target, (list, str)):
        raise Fault(f"{kind_of(target)} cannot be sliced; an array or a string can")
    size = len(target)
    first = 0 if start is None else _bound(start, size)
    last = size if stop is None else _bound(stop, size)
    part = target[first:last]
    context.spend(weight(part))
    return part


def _entry(target: dict[Any, Any], key: Any) -> Any:
    if key is not None and not isinstance(key, str) and type(target) is not AnyMap:
        raise Fault(f"the keys of a map are strings, not {kind_of(key)}")
    if isinstance(key, (list, dict, Struct)):
        return None
    return target.get(key, "" if type(target) is StringMap else None)


def _index(key: Any, size: int) -> int:
    if isinstance(key, str):
        raise Fault("an array or a string has no fields, only numbered items")
    index = whole(key)
    place = index + size if index < 0 else index
    if not 0 <= place < size:
        raise Fault(f"index {index} is out of range; there are {size} items")
    return place


def _bound(index: int, size: int) -> int:
    return max(0, index + size) if index < 0 else min(index, size)
