"""The proof of an edit: the standard library's reading, and what an update means for data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from activities.tools.dotted_keys import Part
from activities.tools.updates import Value, is_same
from ferryman.domain.errors import InvalidError

DEEPEST: Final = 100
"""Levels of nesting that we follow; deeper documents are refused."""

MISSING: Final = object()
"""Stands for a value that is not there; it equals none."""


def load(text: str) -> Any:
    """The data of a JSON text; raises `InvalidError` where it is not JSON, or nested too deep."""
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        problem = error.msg[:1].lower() + error.msg[1:]
        if text.startswith(("//", "/*"), error.pos):
            problem = "JSON has no comments"
        raise InvalidError(
            f"this cannot be read as JSON at line {error.lineno}, column {error.colno}: {problem}; "
            "mend the file first"
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise InvalidError("the file has a number of thousands of digits; shorten it") from None
    if _is_deep(data):
        raise _too_deep()
    return data


def get(data: Any, parts: Sequence[Part]) -> Any:
    """What stands in `data` where `parts` lead; `MISSING` if nothing does."""
    for part in parts:
        if isinstance(data, dict):
            data = data.get(part.name, MISSING)
        elif isinstance(data, list) and part.position is not None and part.position < len(data):
            data = data[part.position]
        else:
            return MISSING
    return data


def put(data: Any, parts: Sequence[Part], value: Any) -> Any:
    """`data` with `value` where `parts` lead; containers are made or make room as needed.

    `data` itself is changed where it can be.
    """
    if not parts:
        return value
    part, rest = parts[0], parts[1:]
    if not isinstance(data, (dict, list)):
        data = [] if part.appends or part.position is not None else {}
    if isinstance(data, dict):
        data[part.name] = put(data.get(part.name), rest, value)
        return data
    position = len(data) if part.position is None else part.position
    data += [None] * (position + 1 - len(data))
    data[position] = put(data[position], rest, value)
    return data


def says(text: str, value: Value) -> bool:
    """Whether a JSON text is that of the single value `value`."""
    found = load(text)
    return is_same(float(found) if isinstance(value, float) else found, value)


def is_alike(one: Any, other: Any) -> bool:
    """Whether two data are the same in every type, and in the order of their keys."""
    return repr(one) == repr(other)


def _is_deep(data: Any) -> bool:
    level = [data]
    for _ in range(DEEPEST):
        level = [inside for node in level for inside in _collections(node)]
    return level != []


def _collections(node: Any) -> list[Any]:
    """The objects and lists that stand right in `node`."""
    if not isinstance(node, (dict, list)):
        return []
    inside = node.values() if isinstance(node, dict) else node
    return [value for value in inside if isinstance(value, (dict, list))]


def _too_deep() -> InvalidError:
    return InvalidError(f"the file is nested more than {DEEPEST} levels deep; make it flatter")


def _no_constant(word: str) -> NoReturn:
    raise InvalidError(f"the file has `{word}`, which is no number in JSON; mend the file first")
