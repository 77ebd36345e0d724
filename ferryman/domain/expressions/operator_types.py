"""Which types an operator takes, and what it gives, as far as the text tells."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.matching import TEXT_TESTS
from ferryman.domain.expressions.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NUMBERS,
    STRING,
    Type,
    array_of,
    comparable,
    join,
)

Table = Mapping[tuple[str, str], Type]
"""Result by the kinds of left and right."""

_TIME: Final = Type("time")
_DURATION: Final = Type("duration")
_PAIRS: Final = tuple(product(sorted(NUMBERS), sorted(NUMBERS)))
_NUMBERS: Final[Table] = {pair: INT if pair == ("int", "int") else FLOAT for pair in _PAIRS}
_STRINGS: Final[Table] = {("string", "string"): BOOL}

_COMPUTED: Final[Mapping[str, Table]] = {
    "+": {
        **_NUMBERS,
        ("string", "string"): STRING,
        ("time", "duration"): _TIME,
        ("duration", "time"): _TIME,
        ("duration", "duration"): _DURATION,
    },
    "-": {
        **_NUMBERS,
        ("time", "time"): _DURATION,
        ("time", "duration"): _TIME,
        ("duration", "duration"): _DURATION,
    },
    "*": {
        **_NUMBERS,
        ("int", "duration"): _DURATION,
        ("duration", "int"): _DURATION,
        ("float", "duration"): FLOAT,
        ("duration", "float"): FLOAT,
    },
    "/": dict.fromkeys(_PAIRS, FLOAT),
    "**": dict.fromkeys(_PAIRS, FLOAT),
    "%": {("int", "int"): INT},
    "..": {("int", "int"): array_of(INT)},
    **dict.fromkeys(TEXT_TESTS, _STRINGS),
}
_ORDERED: Final[Table] = {
    **dict.fromkeys(_PAIRS, BOOL),
    **{(kind, kind): BOOL for kind in ("string", "time", "duration")},
}


def unary_type(operator: str, operand: Type, at: int) -> Type:
    """Return the type of `operator operand`; raises `Fault`."""
    wanted = {"bool"} if operator == "not" else NUMBERS
    if operand.kind not in {*wanted, "any"}:
        raise Fault(f"{operator!r} cannot be used on {operand}", at)
    return BOOL if operator == "not" else operand


def binary_type(operator: str, left: Type, right: Type, at: int) -> Type:
    """Return the type of `left operator right`; raises `Fault`."""
    match operator:
        case "??":
            return join(left, right)
        case "and" | "or":
            fits = {left.kind, right.kind} <= {"bool", "any"}
        case "==" | "!=":
            fits = comparable(left, right)
        case "in":
            fits = _may_contain(right, left)
        case _:
            return _result(_COMPUTED[operator], operator, left, right, at)
    if not fits:
        raise _mismatch(operator, left, right, at)
    return BOOL


def ordering_type(operator: str, left: Type, right: Type, at: int) -> Type:
    """Return the type of `left < right`; raises `Fault`."""
    return _result(_ORDERED, operator, left, right, at)


def _result(table: Table, operator: str, left: Type, right: Type, at: int) -> Type:
    """Return the result; of a variable it is `any` unless the operator has one result only."""
    if result := table.get((left.kind, right.kind)):
        return result
    fitting = any(
        left.kind in (one, "any") and right.kind in (other, "any") for one, other in table
    )
    if not fitting:
        raise _mismatch(operator, left, right, at)
    results = {*table.values()}
    return results.pop() if len(results) == 1 else ANY


def _may_contain(haystack: Type, needle: Type) -> bool:
    if haystack.kind == "array":
        return comparable(needle, haystack.item or ANY)
    if haystack.kind == "map":
        return haystack.any_key or needle.kind in ("string", "any")
    return haystack.kind == "any"


def _mismatch(operator: str, left: Type, right: Type, at: int) -> Fault:
    return Fault(f"{operator!r} cannot be used on {left} and {right}", at)
