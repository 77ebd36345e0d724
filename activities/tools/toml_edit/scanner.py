"""Our own reader of TOML: where every single value of a text stands.

It goes through the text once, and only tells places; what the values are is for `tomllib`.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final, NamedTuple

from activities.tools.toml_edit.grammar import BLANK, DOT, EQUALS, GAP, NAME, STRING, WORD
from ferryman.domain.errors import InvalidError

DEEPEST: Final = 100
"""Levels of nesting that we follow, and names in one key; deeper documents are refused."""

Path = tuple[str | int, ...]
"""Names of tables and positions in lists, from the root to a value."""


class Place(NamedTuple):
    """The characters of one value."""

    start: int
    end: int


class LostError(Exception):
    """The text is not TOML; `tomllib` knows better what is wrong."""


def scan(text: str, pos: int = 0) -> dict[Path, Place]:
    """Where the single values of the document stand that begins at `pos`.

    Raises `LostError` where the text is not TOML, and `InvalidError` where it is nested too deep.
    """
    scanner = _Scanner(text)
    pos = scanner.after(BLANK, pos)
    while pos < len(text):
        pos = scanner.statement(pos)
        pos = scanner.after(BLANK, pos)
    return scanner.places


class _Scanner:
    """Methods that read take the index where their part begins, and return the one after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[Path, Place] = {}
        self.table: Path = ()
        """Where the keys of the next lines belong."""
        self.lengths: dict[Path, int] = {}
        """How many tables the arrays of tables have so far."""

    def statement(self, pos: int) -> int:
        """Read a header, or a key and its value."""
        if self.text.startswith("[[", pos):
            names, pos = self._names(self.after(GAP, pos + 2))
            array = (*self._opened(names[:-1]), names[-1])
            self.lengths[array] = self.lengths.get(array, 0) + 1
            self.table = self._opened(names)
            return self._expect("]]", self.after(GAP, pos))
        if self.text.startswith("[", pos):
            names, pos = self._names(self.after(GAP, pos + 1))
            self.table = self._opened(names)
            return self._expect("]", self.after(GAP, pos))
        return self._entry(pos, self.table, 0)

    def after(self, pattern: re.Pattern[str], pos: int) -> int:
        """The index behind what `pattern` matches; raises `LostError`."""
        match = pattern.match(self.text, pos)
        if match is None:
            raise LostError
        return match.end()

    def _entry(self, pos: int, table: Path, depth: int) -> int:
        names, pos = self._names(pos)
        return self._value(self.after(EQUALS, pos), (*table, *names), depth)

    def _value(self, pos: int, path: Path, depth: int) -> int:
        if depth > DEEPEST:
            raise too_deep()
        if self.text.startswith("[", pos):
            return self._array(pos, path, depth)
        if self.text.startswith("{", pos):
            return self._inline_table(pos, path, depth)
        end = self.after(STRING if self.text.startswith(('"', "'"), pos) else WORD, pos)
        self.places[path] = Place(pos, end)
        return end

    def _array(self, pos: int, path: Path, depth: int) -> int:
        pos, position = self.after(BLANK, pos + 1), 0
        while not self.text.startswith("]", pos):
            pos = self._comma(self._value(pos, (*path, position), depth + 1), "]")
            position += 1
        return pos + 1

    def _inline_table(self, pos: int, path: Path, depth: int) -> int:
        pos = self.after(BLANK, pos + 1)
        while not self.text.startswith("}", pos):
            pos = self._comma(self._entry(pos, path, depth + 1), "}")
        return pos + 1

    def _comma(self, pos: int, closer: str) -> int:
        pos = self.after(BLANK, pos)
        return pos if self.text.startswith(closer, pos) else self._expect(",", pos)

    def _expect(self, token: str, pos: int) -> int:
        """Pass `token`, and what is blank behind it."""
        if not self.text.startswith(token, pos):
            raise LostError
        return self.after(BLANK, pos + len(token))

    def _names(self, pos: int) -> tuple[list[str], int]:
        """The parts of a dotted key, and the index behind it."""
        names = []
        while True:
            end = self.after(NAME, pos)
            names.append(_name(self.text[pos:end]))
            if len(names) > DEEPEST:
                raise too_deep()
            dot = DOT.match(self.text, end)
            if not dot:
                return names, end
            pos = dot.end()

    def _opened(self, names: list[str]) -> Path:
        """The table that a header names: of an array of tables, the last one so far."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path


def too_deep() -> InvalidError:
    """The error for documents of too many levels."""
    return InvalidError(f"the file is nested more than {DEEPEST} levels deep; make it flatter")


def _name(raw: str) -> str:
    if raw[0] not in "\"'":
        return raw
    if "\\" not in raw or raw[0] == "'":
        return raw[1:-1]
    try:
        return next(iter(tomllib.loads(f"{raw}=0")))
    except tomllib.TOMLDecodeError:
        raise LostError from None
