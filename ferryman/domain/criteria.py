"""Criteria: expressions of users that must be true, written without `${{ }}`."""

from __future__ import annotations

from typing import Final

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

# What Go's strconv.ParseBool reads.
_WORDS: Final = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "FALSE", "false", "False"), False
)


def holds(source: str, environment: Environment, *, field: str) -> bool:
    """Whether an expression is true; a string that spells a truth value will do.

    Raises `ExpressionError` for one that fails, or gives anything else.
    """
    value = evaluate(source, environment, field=field)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    raise ExpressionError(
        f"{source!r} gives {type(value).__name__}, not true or false; compare with something",
        field=field,
    )
