"""Our own reader of JSON: where the values of a text stand.

It looks only at what is on the way, and relies on the text being JSON: the standard library has
read it before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ferryman.domain.errors import InvalidError

_GAP: Final = re.compile(r"[ \t\r\n]*+")
_STRING: Final = re.compile(r'"(?>(?:[^"\\]++|\\.)*)"', re.DOTALL)
_WORD: Final = re.compile(r"[^ \t\r\n,\]}]++")
_NESTING: Final = re.compile(r'"(?>(?:[^"\\]++|\\.)*)"|[\[\]{}]', re.DOTALL)
_LEVELS: Final = {"{": 1, "[": 1, "}": -1, "]": -1}


class Entry(NamedTuple):
    """A member of an object, or an item of a list; indexes into the text."""

    key: str | None
    """What a member is called; `None` for an item."""
    start: int
    """Where the key begins, or the item."""
    key_end: int
    """Behind the key; for an item, `start`."""
    value: int
    """Where the value begins."""
    end: int
    """Behind the value."""


def gap_end(text: str, pos: int) -> int:
    """The index of the first character from `pos` on that is not white space."""
    return _after(_GAP, text, pos)


def value_end(text: str, pos: int) -> int:
    """The index after the value that begins at `pos`."""
    if text.startswith('"', pos):
        return _after(_STRING, text, pos)
    if not text.startswith(("{", "["), pos):
        return _after(_WORD, text, pos)
    depth = 0
    for token in _NESTING.finditer(text, pos):
        depth += _LEVELS.get(token[0], 0)
        if depth == 0:
            return token.end()
    raise _lost(pos)


def entries(text: str, pos: int) -> Iterator[Entry]:
    """The entries of the object or list that begins at `pos`, in order."""
    named = text.startswith("{", pos)
    pos = gap_end(text, pos + 1)
    while not text.startswith(("}", "]"), pos):
        entry = _entry(text, pos, named=named)
        yield entry
        pos = gap_end(text, entry.end)
        if text.startswith(",", pos):
            pos = gap_end(text, pos + 1)


def _entry(text: str, start: int, *, named: bool) -> Entry:
    if not named:
        return Entry(None, start, start, start, value_end(text, start))
    key_end = _after(_STRING, text, start)
    colon = gap_end(text, key_end)
    value = gap_end(text, colon + 1)
    return Entry(_name(text[start:key_end]), start, key_end, value, value_end(text, value))


def _name(raw: str) -> str:
    return str(json.loads(raw)) if "\\" in raw else raw[1:-1]


def _after(pattern: re.Pattern[str], text: str, pos: int) -> int:
    match = pattern.match(text, pos)
    if match is None:
        raise _lost(pos)
    return match.end()


def _lost(pos: int) -> InvalidError:
    return InvalidError(f"this cannot be read as JSON from character {pos + 1} on; mend the file")
