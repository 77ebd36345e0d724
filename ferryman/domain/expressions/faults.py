"""How a failure inside an expression is told: the sentence, the line, a caret under the spot.

Sentences name types, never values: a value may be a secret, and the expression is shown anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

from ferryman.domain.errors import ExpressionError

_WIDTH: Final = 100
_BEFORE_CARET: Final = 60
_COMPARED: Final = 200
"""How many names a misspelt one is compared with."""
_LISTED: Final = 8
"""How many names are listed where none is like it."""


class Fault(Exception):  # noqa: N818 — people meet it as an ExpressionError
    """A failure whose place is filled in on its way up, by the innermost node that knows it."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = at

    def at(self, offset: int) -> Fault:
        """Return this fault, placed at `offset` unless it already has a place."""
        if self.offset is None:
            self.offset = offset
        return self

    def told(self, source: str, *, field: str = "") -> ExpressionError:
        """Return the error for people: the sentence, the offending line, and a caret."""
        shown = excerpt(source, self.offset or 0)
        return ExpressionError(f"{self.message}\n{shown}", field=field)


def unknown(what: str, name: str, known: Iterable[str]) -> Fault:
    """Return the fault of a name that does not exist, with those that might have been meant."""
    by_lower = {candidate.lower(): candidate for candidate in islice(known, _COMPARED)}
    close = get_close_matches(name.lower(), by_lower, n=1)
    hint = f"; did you mean {by_lower[close[0]]!r}?" if close else ""
    if not close and 0 < len(by_lower) <= _LISTED:
        hint = f"; known: {', '.join(sorted(by_lower.values()))}"
    return Fault(f"there is no {what} {name!r}{hint}")


def excerpt(source: str, offset: int) -> str:
    """Return the line of `source` that holds `offset`, cut to a readable width, over a caret."""
    offset = min(offset, len(source))
    start = source.rfind("\n", 0, offset) + 1
    end = source.find("\n", offset)
    line = source[start : len(source) if end < 0 else end].replace("\t", " ")
    column = offset - start
    cut = max(0, column - _BEFORE_CARET) if len(line) > _WIDTH else 0
    line = line[cut : cut + _WIDTH].rstrip()
    return f"  | {line}\n  | {' ' * (column - cut)}^"
