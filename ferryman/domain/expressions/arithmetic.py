"""Operators that make a new value: numbers as Go's int and float64, strings, times, durations."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.values import NUMBERS, Context, Struct, kind_of

_INT_MAX: Final = (1 << 63) - 1
_INT_MIN: Final = -(1 << 63)


def fit(number: int) -> int:
    """Return `number`; raises `Fault` if it is no 64-bit integer."""
    if not _INT_MIN <= number <= _INT_MAX:
        raise Fault("the result does not fit in 64 bits")
    return number


def whole(value: Any) -> int:
    """Return a number as an index: a float loses its fraction."""
    if type(value) is int:
        return value
    if type(value) is float and math.isfinite(value):
        return fit(int(value))
    raise Fault(f"wants an integer, not {kind_of(value)}")


def text_within(value: str) -> str:
    """Return `value`; raises `Fault` if it is longer than an expression's strings may be."""
    if len(value) > limits.TEXT_CHARACTERS:
        raise too_long()
    return value


def too_long() -> Fault:
    """Return the fault of a string that would pass the limit."""
    return Fault(f"makes a string of more than {limits.TEXT_CHARACTERS:,} characters")


def too_many() -> Fault:
    """Return the fault of a list that would pass the limit."""
    return Fault(f"makes a list of more than {limits.ITEMS:,} items")


def add(left: Any, right: Any, context: Context) -> Any:
    """`left + right`."""
    if type(left) is str and type(right) is str:
        if len(left) + len(right) > limits.TEXT_CHARACTERS:
            raise too_long()
        context.spend((len(left) + len(right)) >> 6)
        return left + right
    return _computed("+", operator.add, left, right)


def subtract(left: Any, right: Any, _: Context) -> Any:
    """`left - right`."""
    return _computed("-", operator.sub, left, right)


def multiply(left: Any, right: Any, _: Context) -> Any:
    """`left * right`."""
    return _computed("*", operator.mul, left, right)


def divide(left: Any, right: Any, _: Context) -> float:
    """`left / right`, always a float."""
    _need_numbers("/", left, right)
    if right == 0:
        raise Fault("division by zero")
    return float(left) / float(right)


def modulo(left: Any, right: Any, _: Context) -> int:
    """`left % right` of integers, with the sign of `left`."""
    if type(left) is not int or type(right) is not int:
        raise Fault(
            f"'%' wants integers, not {kind_of(left)} and {kind_of(right)}; "
            "numbers of variables are floats, so write int(…) around them"
        )
    if right == 0:
        raise Fault("division by zero")
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def power(left: Any, right: Any, _: Context) -> float:
    """`left ** right`, always a float."""
    _need_numbers("**", left, right)
    try:
        return math.pow(left, right)
    except (ValueError, OverflowError):
        raise Fault("the result is not a finite number") from None


def negative(value: Any) -> Any:
    """`-value`."""
    if type(value) not in NUMBERS:
        raise Fault(f"'-' wants a number, not {kind_of(value)}")
    return -value if type(value) is float else fit(-value)


def span(first: Any, last: Any, context: Context) -> list[int]:
    """`first..last`, both included."""
    numbers = range(whole(first), whole(last) + 1)
    if numbers.stop - numbers.start > limits.ITEMS:
        raise too_many()
    context.spend(len(numbers))
    return list(numbers)


def _computed(symbol: str, compute: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if type(left) in NUMBERS and type(right) in NUMBERS:
        result = compute(left, right)
        return result if type(result) is float else fit(result)
    if isinstance(left, Struct) or isinstance(right, Struct):
        try:
            return compute(left, right)
        except TypeError:
            pass  # neither knows the other
    raise Fault(f"cannot compute {kind_of(left)} {symbol} {kind_of(right)}")


def _need_numbers(symbol: str, left: Any, right: Any) -> None:
    if type(left) not in NUMBERS or type(right) not in NUMBERS:
        raise Fault(f"cannot compute {kind_of(left)} {symbol} {kind_of(right)}")
