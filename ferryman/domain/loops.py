"""Loops: what the items of a `forEach` are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import re2

from ferryman.domain.errors import InvalidError
from ferryman.domain.step import LOOP, MAX_ITEMS

_FIT = re2.compile(r"[A-Za-z0-9._-]{1,63}")
_SHOWN = 40


def items_of(value: Any) -> list[Any]:
    """The items of what a `forEach` evaluates to; raises InvalidError for no list, or too long."""
    if not isinstance(value, list | tuple):
        shown = "null" if value is None else f"a {type(value).__name__}"
        raise InvalidError(f"is {shown}; write a list, or an expression that gives one", field=LOOP)
    if len(value) > MAX_ITEMS:
        raise InvalidError(f"has {len(value)} items; at most {MAX_ITEMS} are allowed", field=LOOP)
    return list(value)


def keys_of(items: Sequence[Any], secret: Callable[[Any], bool]) -> tuple[str, ...]:
    """What each item is called: itself, its `name`, or its index from 1.

    Keys are seen by everybody, so what is `secret` goes by its index. Raises InvalidError where
    two are called the same.
    """
    keys: dict[str, int] = {}
    for number, item in enumerate(items, start=1):
        key = str(number) if secret(item) else _name(item) or str(number)
        if key in keys:
            raise InvalidError(
                f"items {keys[key]} and {number} are both called {key[:_SHOWN]!r}; "
                "give them different names",
                field=LOOP,
            )
        keys[key] = number
    return tuple(keys)


def _name(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else item
    return name if isinstance(name, str) and _FIT.fullmatch(name) else ""
