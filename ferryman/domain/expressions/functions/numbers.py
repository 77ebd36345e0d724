"""Functions on numbers and bits (expr-lang's "Number" and "Bitwise Functions")."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any, Final

from ferryman.domain.expressions.arithmetic import fit
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.values import NUMBERS, Context, kind_of

_BITS: Final = 64
_SIGN: Final = 1 << 63
_ALL_BITS: Final = (1 << 64) - 1
_HALF: Final = 0.5


def _absolute(number: float) -> float:
    return abs(number) if type(number) is float else fit(abs(int(number)))


def _ceil(number: float) -> float:
    return _integral(math.ceil, number)


def _floor(number: float) -> float:
    return _integral(math.floor, number)


def _round(number: float) -> float:
    return _integral(_half_away_from_zero, number)


def _half_away_from_zero(number: float) -> int:
    towards_zero = math.trunc(number)
    is_half = abs(number - towards_zero) >= _HALF
    return towards_zero + (int(math.copysign(1, number)) if is_half else 0)


def _integral(function: Callable[[float], int], number: float) -> float:
    return float(function(number)) if math.isfinite(number) else number


def _largest(context: Context, *arguments: Any) -> Any:
    return _extreme(max, "max", arguments, context)


def _smallest(context: Context, *arguments: Any) -> Any:
    return _extreme(min, "min", arguments, context)


def _extreme(
    choose: Callable[[Iterable[float]], float],
    name: str,
    arguments: tuple[Any, ...],
    context: Context,
) -> Any:
    if len(arguments) == 1 and type(arguments[0]) not in (list, int, float):
        return arguments[0]  # so does expr-lang, whatever it may be
    numbers = list(_numbers(name, arguments, context))
    return choose(numbers) if numbers else None


def _mean(context: Context, *arguments: Any) -> float:
    numbers = [float(number) for number in _numbers("mean", arguments, context)]
    return sum(numbers) / len(numbers) if numbers else 0.0


def _median(context: Context, *arguments: Any) -> float:
    numbers = [float(number) for number in _numbers("median", arguments, context)]
    return median(numbers) if numbers else 0.0


def _numbers(name: str, items: Iterable[Any], context: Context) -> Iterator[float]:
    """Yield the numbers in `items` and in the lists in them."""
    for item in items:
        context.spend(1)
        if type(item) in NUMBERS:
            yield item
        elif type(item) is list:
            yield from _numbers(name, item, context)
        else:
            raise Fault(f"{name} wants numbers, not {kind_of(item)}")


def _signed(bits: int) -> int:
    """Read 64 bits as a number that may be negative."""
    bits &= _ALL_BITS
    return bits - 2 * _SIGN if bits & _SIGN else bits


def _shift_left(number: int, count: int) -> int:
    return _signed(number << count) if _places(count) < _BITS else 0


def _shift_right(number: int, count: int) -> int:
    return number >> min(_places(count), _BITS)


def _shift_right_unsigned(number: int, count: int) -> int:
    return _signed((number & _ALL_BITS) >> min(_places(count), _BITS))


def _places(count: int) -> int:
    if count < 0:
        raise Fault("cannot shift by a negative count")
    return count


def _bitwise(name: str, compute: Callable[[int, int], int]) -> Function:
    return define(f"{name}(int, int) int", compute)


FUNCTIONS: Final = (
    define("abs(number) same", _absolute),
    define("ceil(number) float", _ceil),
    define("floor(number) float", _floor),
    define("round(number) float", _round),
    define("max(numbers...) number", _largest, contextual=True),
    define("min(numbers...) number", _smallest, contextual=True),
    define("mean(numbers...) number", _mean, contextual=True),
    define("median(numbers...) number", _median, contextual=True),
    _bitwise("bitand", operator.and_),
    _bitwise("bitor", operator.or_),
    _bitwise("bitxor", operator.xor),
    _bitwise("bitnand", lambda number, mask: number & ~mask),
    _bitwise("bitshl", _shift_left),
    _bitwise("bitshr", _shift_right),
    _bitwise("bitushr", _shift_right_unsigned),
    define("bitnot(int) int", operator.invert),
)
