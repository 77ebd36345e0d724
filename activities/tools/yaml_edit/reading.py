"""Reading YAML where only places and strings matter: our scanner, or else ruamel.yaml."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from activities.tools.yaml_edit.event import Event, UnsureError
from activities.tools.yaml_edit.grammar import BLANK_LINES
from activities.tools.yaml_edit.parse import parse
from activities.tools.yaml_edit.scan import scan
from activities.tools.yaml_edit.scanner import Mark


class Reading(NamedTuple):
    """The first document of a text."""

    events: list[Event]
    """What it consists of; nothing where there is no document."""
    marks: list[Mark]
    """Where our scanner can start again, from the beginning on; none if ruamel.yaml has read."""

    def around(self, start: int, end: int) -> tuple[Mark, Mark | None]:
        """The last mark before `start`, and the second after `end` if there is one.

        At the first, the value that was absent and is written now may still be awaited.
        """
        places = [mark.pos for mark in self.marks]
        following = self.marks[bisect_right(places, end) + 1 :]
        return self.marks[bisect_right(places, start) - 1], following[0] if following else None


def read(text: str) -> Reading:
    """Read the first document of `text`; raises `InvalidError` where it is not YAML."""
    try:
        return Reading(*scan(text))
    except UnsureError:
        return Reading(parse(text), [])


def content(text: str, scalar: Event) -> str:
    """What a scalar holds: its characters without quotes, escapes, folds and indentation."""
    if scalar.value is not None:
        return scalar.value
    raw = text[scalar.start : scalar.end]
    if "\n" not in raw:
        if scalar.style == "":
            return raw
        if scalar.style == "'":
            return raw[1:-1].replace("''", "'")
        if scalar.style == '"' and "\\" not in raw:
            return raw[1:-1]
    if scalar.style in ("|", ">") and (tail := BLANK_LINES.match(text, scalar.end)):
        raw = text[scalar.start : tail.end()]
    return parse(f"- {raw}")[1].value or ""
