"""Templates: expressions in strings, between `${{` and `}}` or `${%` and `%}`.

The type rules are Kargo's. A string without an expression stays as it is. Otherwise the values
take the expressions' places as text, and what the whole then reads as, it becomes: a number, a
boolean, null, a list, a map, or else a string. `quote(…)` keeps it a string.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import limits
from ferryman.domain.expressions.arithmetic import text_within
from ferryman.domain.expressions.coercion import coerced
from ferryman.domain.expressions.environment import Environment
from ferryman.domain.expressions.evaluation import FAILURES, told
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.program import program
from ferryman.domain.expressions.quoting import FUNCTIONS
from ferryman.domain.expressions.values import Invocable
from ferryman.domain.expressions.writing import to_json

_DELIMITERS: Final = {"${{": "}}", "${%": "%}"}
_RESERVED: Final = ("quote", "asYAML", "asJSON")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of a template, and where in the template its text begins."""

    source: str
    at: int


def render(template: str, environment: Environment, *, field: str = "") -> Any:
    """Return what the template becomes, as plain JSON data; raises `ExpressionError`.

    `field` is the path of the field that holds the template, for the error.
    """
    if not has_expressions(template):
        return template
    _check_reserved(environment)
    functions = {**environment.functions, **FUNCTIONS}
    try:
        parts = [
            piece if isinstance(piece, str) else _text(piece, environment, functions, field)
            for piece in pieces(template)
        ]
        return coerced(text_within("".join(parts)))
    except FAILURES as failure:
        raise told(failure, template, field) from None


def render_config(value: Any, environment: Environment, *, field: str = "") -> Any:
    """Render every string in `value`, however deep; keys stay. Raises `ExpressionError`."""
    _check_reserved(environment)
    return _rendered(value, environment, field, 0)


def has_expressions(text: str) -> bool:
    """Whether `text` holds the beginning of an expression."""
    return any(opening in text for opening in _DELIMITERS)


def pieces(template: str) -> tuple[str | Expression, ...]:
    """Return literal text and expressions in turn; raises `Fault` for one that is not closed.

    The first closing delimiter ends an expression, wherever it stands. After an empty
    expression the rest is literal text, as in Kargo.
    """
    return _kept(template) if len(template) <= limits.CACHED_CHARACTERS else _cut(template)


def brace_hint(source: str) -> str:
    """Return what to add to an error of an expression that was perhaps cut short, or nothing."""
    if source.count("{") <= source.count("}"):
        return ""
    return "; the first '}}' ends an expression, so write '} }', or '${% … %}' around it"


def texts(value: Any, field: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield every string in `value` after its path; raises `ExpressionError` if it never ends."""
    if depth > limits.DATA_DEPTH:
        raise ExpressionError(f"nested more than {limits.DATA_DEPTH} deep", field=field)
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, child(field, key), depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for index, item in enumerate(value):
            yield from texts(item, child(field, index), depth + 1)


def child(field: str, key: Any) -> str:
    """Return the path of the entry `key`, or of the item of that number, in `field`."""
    if isinstance(key, int):
        return f"{field}[{key}]"
    plain = str(key).replace("-", "_").isidentifier()
    if not plain:
        return f"{field}[{key!r}]"
    return f"{field}.{key}" if field else str(key)


def _opening(template: str, position: int) -> tuple[int, str] | None:
    found = [(template.find(opening, position), opening) for opening in _DELIMITERS]
    return min(((start, opening) for start, opening in found if start >= 0), default=None)


def _cut(template: str) -> tuple[str | Expression, ...]:
    found: list[str | Expression] = []
    position = 0
    while opening := _opening(template, position):
        start, delimiter = opening
        inside = start + len(delimiter)
        end = template.find(_DELIMITERS[delimiter], inside)
        if end < 0:
            raise Fault(f"'{delimiter}' is not closed; add '{_DELIMITERS[delimiter]}'", start)
        found.append(template[position:start])
        position = end + len(_DELIMITERS[delimiter])
        if end == inside:
            break
        found.append(Expression(template[inside:end], inside))
    return (*found, template[position:])


_kept = lru_cache(maxsize=limits.CACHED_EXPRESSIONS)(_cut)


def _text(
    expression: Expression,
    environment: Environment,
    functions: Mapping[str, Invocable],
    field: str,
) -> str:
    try:
        value, frame = program(expression.source).run(environment, functions)
        return value if type(value) is str else to_json(value, frame)
    except Fault as fault:
        fault.message += brace_hint(expression.source)
        raise told(fault, expression.source, field) from None
    except FAILURES as failure:
        raise told(failure, expression.source, field) from None


def _rendered(value: Any, environment: Environment, field: str, depth: int) -> Any:
    if depth > limits.DATA_DEPTH:
        raise ExpressionError(f"nested more than {limits.DATA_DEPTH} deep", field=field)
    if isinstance(value, str):
        return render(value, environment, field=field)
    if isinstance(value, Mapping):
        return {
            key: _rendered(item, environment, child(field, key), depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [
            _rendered(item, environment, child(field, index), depth + 1)
            for index, item in enumerate(value)
        ]
    return value


def _check_reserved(environment: Environment) -> None:
    for name in _RESERVED:
        if name in environment.variables:
            raise ExpressionError(f"a variable cannot be named {name!r}, like the function")
