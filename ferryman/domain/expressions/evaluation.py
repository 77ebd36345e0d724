"""One expression, without template around it: `evaluate('response.status == 200', environment)`."""

from __future__ import annotations

from typing import Any, Final

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions.environment import Environment
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.program import program
from ferryman.domain.expressions.writing import plain

FAILURES: Final = (Fault, RecursionError, OverflowError)
"""What may go wrong in an evaluation; the latter two because of what the data is."""


def evaluate(source: str, environment: Environment, *, field: str = "") -> Any:
    """Return the expression's value as plain JSON data; raises `ExpressionError`.

    `field` is the path of the field that holds the expression, for the error.
    """
    try:
        value, frame = program(source).run(environment)
        return plain(value, frame)
    except FAILURES as failure:
        raise told(failure, source, field) from None


def told(failure: Exception, source: str, field: str) -> ExpressionError:
    """Return one of the `FAILURES` of `source` as the error for people."""
    match failure:
        case Fault():
            fault = failure
        case RecursionError():
            fault = Fault("the data is nested too deep")
        case _:
            fault = Fault("a number or a date is out of range")
    return fault.told(source, field=field)
