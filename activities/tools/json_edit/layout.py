"""How a file writes the entries of its objects and lists, so that added ones look alike."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from activities.tools.dotted_keys import Part
from activities.tools.json_edit.scanner import Entry

_LAST_BREAK: Final = re.compile(r"\r?\n[^\n]*\Z")


@dataclass(frozen=True)
class Layout:
    """The white space of one object or list."""

    lead: str
    """Between a comma and the entry behind it."""
    first: str
    """Between the opening bracket and the first entry."""
    last: str
    """Between the last entry and the closing bracket."""
    colon: str
    """Between a key and its value: the colon and what surrounds it."""
    unit: str
    """What one level more is indented by."""

    @classmethod
    def usual(cls, line_break: str) -> Layout:
        """The layout of a file that shows none: an entry a line, indented by two."""
        lead = f"{line_break}  "
        return cls(lead=lead, first=lead, last=line_break, colon=": ", unit="  ")

    def observed(self, text: str, start: int, entries: Sequence[Entry], end: int) -> Layout:
        """The layout of the object or list from `start` to `end`; `self` where it shows none."""
        if not entries:
            return self
        final = entries[-1]
        colon = text[final.key_end : final.value] or self.colon
        first, last = text[start + 1 : entries[0].start], text[final.end : end - 1]
        if len(entries) > 1:
            lead = text[entries[-2].end : final.start].partition(",")[2]
        else:
            lead = first if "\n" in first else " " * colon.endswith(" ")
        if break_before := _LAST_BREAK.search(lead):
            lead = break_before[0]
        return Layout(lead, first, last, colon, self._unit(lead, last))

    def inner(self) -> Layout:
        """The layout of an object or list that is an entry of this one."""
        if "\n" not in self.lead:
            return self
        deeper = self.lead + self.unit
        return replace(self, lead=deeper, first=deeper, last=self.lead)

    def collection(self, brackets: str, entries: Sequence[str]) -> str:
        """An object or list with these entries."""
        inside = f",{self.lead}".join(entries)
        return f"{brackets[0]}{self.first}{inside}{self.last}{brackets[1]}"

    def member(self, name: str, value: str) -> str:
        """An entry of an object; `value` is text already."""
        return f"{json.dumps(name, ensure_ascii=False)}{self.colon}{value}"

    def nested(self, parts: Sequence[Part], value: str) -> str:
        """`value` inside the objects and lists that `parts` lead through, the outermost first.

        `self` is the layout of the outermost one; without parts it is `value` alone.
        """
        if not parts:
            return value
        part, inside = parts[0], self.inner().nested(parts[1:], value)
        if part.appends or part.position is not None:
            return self.collection("[]", [*["null"] * (part.position or 0), inside])
        return self.collection("{}", [self.member(part.name, inside)])

    def _unit(self, lead: str, last: str) -> str:
        unit = lead.removeprefix(last) if "\n" in last else ""
        return unit if unit and "\n" not in unit else self.unit
