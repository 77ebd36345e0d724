"""`==`, `<` and `in`, as expr-lang has them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from ferryman.domain.expressions.environment import weight
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.values import NUMBERS, AnyMap, Context, Struct, kind_of

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_KEYS: Final = (str, int, float, type(None))
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def equal(left: Any, right: Any, context: Context) -> bool:
    """Whether two values are equal; values of different types never are, but for numbers."""
    kind, other = type(left), type(right)
    if kind in _SCALARS or other in _SCALARS:
        if kind is str and other is str:
            context.spend(weight(left))
        same = kind is other or (kind in NUMBERS and other in NUMBERS)
        return same and bool(left == right)
    if kind is list and other is list:
        context.spend(1 + len(left))
        return len(left) == len(right) and all(
            equal(one, two, context) for one, two in zip(left, right, strict=True)
        )
    return _identical(left, right, context)


def ordered(symbol: str, left: Any, right: Any, context: Context) -> bool:
    """Whether `left symbol right`, for numbers, strings, times and durations."""
    kind, other = type(left), type(right)
    if (kind in NUMBERS and other in NUMBERS) or (kind is str and other is str):
        context.spend(weight(left))
        return _COMPARE[symbol](left, right)
    if isinstance(left, Struct) and kind is other:
        try:
            return bool(_COMPARE[symbol](left, right))
        except TypeError:
            pass  # a struct without an order
    raise Fault(f"cannot say whether {kind_of(left)} {symbol} {kind_of(right)}")


def contains(needle: Any, haystack: Any, context: Context) -> bool:
    """Whether `needle in haystack`: an item of a list, a key of a map, a field of a struct."""
    if haystack is None:
        return False
    if isinstance(haystack, list):
        context.spend(len(haystack))
        return any(equal(item, needle, context) for item in haystack)
    if isinstance(haystack, dict):
        if needle is not None and not isinstance(needle, str) and type(haystack) is not AnyMap:
            raise Fault(f"the keys of a map are strings; {kind_of(needle)} is never one")
        return isinstance(needle, _KEYS) and needle in haystack
    if isinstance(haystack, Struct) and isinstance(needle, str):
        return haystack.has(needle)
    raise Fault(f"'in' looks into an array or a map, not into {kind_of(haystack)}")


def _identical(left: Any, right: Any, context: Context) -> bool:
    """Compare as Go's `reflect.DeepEqual` does: in a map, even 1 and 1.0 are different."""
    if isinstance(left, dict) and isinstance(right, dict):
        context.spend(1 + len(left))
        return left.keys() == right.keys() and all(
            _identical(value, right[key], context) for key, value in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        context.spend(1 + len(left))
        return len(left) == len(right) and all(
            _identical(one, two, context) for one, two in zip(left, right, strict=True)
        )
    context.spend(weight(left))
    return type(left) is type(right) and bool(left == right)
