"""Agreement with expr-lang itself: generated expressions are given to it and to us.

`FERRYMAN_EXPR_LANG_EXAMPLES=5000` asks for more of them, and other ones each time.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, Final

import golem
import pytest
from hypothesis import HealthCheck, given, settings

from ferryman.domain.expressions import Environment
from ferryman.domain.expressions.evaluation import FAILURES
from ferryman.domain.expressions.program import program
from tests.unit.expressions.generated import VARIABLES, any_expression

pytestmark = pytest.mark.slow

EXAMPLES = os.environ.get("FERRYMAN_EXPR_LANG_EXAMPLES")
ORACLE = golem.Engine(strict_vars=False)

LEFT_OUT_BY_THEIR_ERROR: Final = {
    "NaN or Inf": "the oracle refuses what is not a finite number",
    "unsupported type: map": "the oracle cannot show maps with keys of any type",
    "unhashable": "the optimizer looks up an array among constants, where it just is not",
    "MapIndex": "the optimizer looks up a number among strings, where it just is not",
    "is nil, not": "findIndex found nothing, where the type says int",
    "<nil> >=": "the same, in a range",
}
LEFT_OUT_BY_OUR_ERROR: Final = {
    "64 bits": "an integer that overflows is an error here, wrapped around there",
    "division by zero": "an error here, infinity there",
    "not a finite number": "the same",
    "wants an array, not": "expr-lang runs predicates over the bytes of a string, or a map's size",
    "wants array|nil": "expr-lang sorts anything, into null",
    "wants true or false": "the optimizer drops the other side of a constant true or false",
}
LEFT_OUT_BY_TEXT: Final = {
    r"last\(.*filter\(": "the optimizer makes findLast of it, which spoils the stack in 1.17.8",
    r"concat\(": "Go calls an empty result null, and equal to nil",
    r"\bin \(*\[.*''": "the optimizer finds nil among constants where one is empty",
}
"""Left out also, by not being generated: division of two integers, which the oracle rounds, but
neither Kargo nor we; positions in strings outside ASCII, which expr-lang counts in bytes; the
order of a map's keys; `findLast` and `findLastIndex` inside of other expressions (see above);
equality of maps from variables, whose integers are of another Go type than written ones; names of
functions used as variables; constants `x || true`, `x && false`, and `filter(…)[0]`, with which
the optimizer hides errors; years before 1 and nanoseconds.
"""


@dataclass(frozen=True)
class Outcome:
    """A value, or the error there was instead."""

    value: Any = None
    error: str = ""

    def agrees_with(self, other: Outcome) -> bool:
        """Whether both refused the expression, or both gave the same value of the same type."""
        if self.error or other.error:
            return bool(self.error and other.error)
        return type(self.value) is type(other.value) and bool(self.value == other.value)


def theirs(source: str) -> Outcome:
    """Ask expr-lang; it shows collections only as JSON."""
    try:
        return Outcome(ORACLE.eval(source, VARIABLES))
    except golem.GolemError as error:
        if "collection results" in str(error):
            return theirs(f"toJSON({source})")
        return Outcome(error=str(error))


def ours(source: str) -> Outcome:
    """Ask us the same."""
    try:
        value, _ = program(source).run(Environment(VARIABLES))
    except FAILURES as failure:
        return Outcome(error=str(failure))
    return ours(f"toJSON({source})") if isinstance(value, (list, dict)) else Outcome(value)


def is_left_out(source: str, expected: Outcome, found: Outcome) -> bool:
    """Whether it is known why the two differ."""
    return (
        any(reason in expected.error for reason in LEFT_OUT_BY_THEIR_ERROR)
        or any(reason in found.error for reason in LEFT_OUT_BY_OUR_ERROR)
        or any(re.search(pattern, source) for pattern in LEFT_OUT_BY_TEXT)
    )


@settings(
    max_examples=int(EXAMPLES or 300),
    derandomize=EXAMPLES is None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(any_expression())
def test_generated_expressions_agree(source: str) -> None:
    """We give the value that expr-lang gives, and refuse what it refuses."""
    expected, found = theirs(source), ours(source)
    assert found.agrees_with(expected) or is_left_out(source, expected, found), source
