"""Operators as code, from the code of their operands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from ferryman.domain.expressions import arithmetic, comparison, nodes
from ferryman.domain.expressions.environment import Frame
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.matching import TEXT_TESTS
from ferryman.domain.expressions.predicates import Code
from ferryman.domain.expressions.values import kind_of

_BINARY: Final[Mapping[str, Callable[[Any, Any, Frame], Any]]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
    "**": arithmetic.power,
    "..": arithmetic.span,
    "==": comparison.equal,
    "!=": lambda left, right, frame: not comparison.equal(left, right, frame),
    "in": comparison.contains,
    **TEXT_TESTS,
}


def placed(at: int, code: Code) -> Code:
    """Return `code`, whose faults stand at `at` unless they have a place already."""

    def run(frame: Frame) -> Any:
        try:
            return code(frame)
        except Fault as fault:
            raise fault.at(at) from None

    return run


def unary(node: nodes.Unary, operand: Code) -> Code:
    """`-x`, `not x`; `+x` is just `x`."""
    match node.operator:
        case "+":
            return operand
        case "-":
            return placed(node.at, lambda frame: arithmetic.negative(operand(frame)))
    return placed(node.at, lambda frame: not _truth("not", operand(frame)))


def binary(node: nodes.Binary, left: Code, right: Code) -> Code:
    """`left operator right`; of `and`, `or` and `??` the right side runs only if it matters."""
    match node.operator:
        case "and":
            return placed(node.at, lambda frame: _truth("and", left(frame)) and right(frame))
        case "or":
            return placed(node.at, lambda frame: _truth("or", left(frame)) or right(frame))
        case "??":
            return partial(_coalesced, left, right)
    compute, at = _BINARY[node.operator], node.at

    def run(frame: Frame) -> Any:
        try:
            return compute(left(frame), right(frame), frame)
        except Fault as fault:
            raise fault.at(at) from None

    return run


def ordering(node: nodes.Ordering, items: Sequence[Code]) -> Code:
    """`a < b <= c`, from left to right as long as it holds."""
    first, *others = items
    links = tuple(zip(node.operators, others, strict=True))

    def run(frame: Frame) -> bool:
        left = first(frame)
        for symbol, item in links:
            right = item(frame)
            if not comparison.ordered(symbol, left, right, frame):
                return False
            left = right
        return True

    return placed(node.at, run)


def conditional(node: nodes.Conditional, condition: Code, then: Code, otherwise: Code) -> Code:
    """`condition ? then : otherwise`."""
    return placed(
        node.at, lambda frame: (then if _truth("?", condition(frame)) else otherwise)(frame)
    )


def _coalesced(left: Code, right: Code, frame: Frame) -> Any:
    value = left(frame)
    return right(frame) if value is None else value


def _truth(symbol: str, value: Any) -> bool:
    if type(value) is not bool:
        raise Fault(f"'{symbol}' wants true or false, not {kind_of(value)}")
    return value
