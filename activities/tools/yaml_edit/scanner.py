"""The lines of a document, and its block collections; `flow` and `block` read what they hold."""

from __future__ import annotations

import re
from typing import NamedTuple

from activities.tools.yaml_edit.block import block_end, said_end
from activities.tools.yaml_edit.event import DEEPEST, END, Event, Kind, UnsureError
from activities.tools.yaml_edit.flow import FlowScanner, quoted_end
from activities.tools.yaml_edit.grammar import (
    ALIAS,
    BOUNDARY,
    CONTINUATION,
    END_OF_LINE,
    ENTRY,
    GAP,
    LONGEST_KEY,
    ODD,
    PLAIN,
    PROPERTIES,
    after,
)

_NOTHING = -1


class Mark(NamedTuple):
    """The scanner before an entry; what it reads from there on depends on this and the text."""

    pos: int
    """Where the lines begin that have not been read."""
    events: int
    """How many events come before."""
    nests: tuple[tuple[Kind | None, int], ...]
    hole: int | None
    """Where an awaited node would stand, counted from `pos`."""
    tag: str | None


class Scanner:
    """Goes down the lines; methods that read return the index after what they read."""

    def __init__(self, text: str, *, stride: int) -> None:
        self.text = text
        self.stride = stride
        """Events from one mark to the next."""
        self.marks: list[Mark] = []
        self.events: list[Event] = []
        self.nests: list[tuple[Kind | None, int]] = [(None, -1)]
        """The block collections that are open, and the columns where their entries begin."""
        self.hole = 0
        """A node is awaited, and would stand here if it turned out absent; or `_NOTHING`."""
        self.tag: str | None = None
        """The tag of the awaited node; `None` until its properties have been read."""
        self.open_plain = False
        """The last scalar is plain, and a deeper line would be its continuation."""

    def start(self) -> int:
        """Pass over a byte order mark and the `---` of the first document."""
        pos = int(self.text.startswith("\ufeff"))
        if odd := ODD.search(self.text, pos):
            raise UnsureError(odd.start())
        gap = GAP.match(self.text, pos)
        if gap and not gap["indent"] and self.text.startswith("---", gap.end()):
            pos = after(END_OF_LINE, self.text, gap.end() + len("---"))
        self.marks = [self.mark(pos)]
        return pos

    def resume(self, mark: Mark, earlier: list[Event]) -> int:
        """Stand where `mark` was made, with the `earlier` events behind."""
        if odd := ODD.search(self.text, mark.pos):
            raise UnsureError(odd.start())
        self.marks = [mark]
        self.events = earlier[: mark.events]
        self.nests = list(mark.nests)
        self.hole = _NOTHING if mark.hole is None else mark.pos + mark.hole
        self.tag = mark.tag
        return mark.pos

    def mark(self, pos: int) -> Mark:
        """How the scanner stands before the line at `pos`."""
        hole = None if self.hole == _NOTHING else self.hole - pos
        return Mark(pos, len(self.events), tuple(self.nests), hole, self.tag)

    def step(self, start: int) -> int | None:
        """Read a line, and the remarks before it; `None` at the end of the document."""
        gap = GAP.match(self.text, start)
        entry = ENTRY.match(self.text, gap.end()) if gap else None
        if not gap or not entry:
            raise UnsureError(start)
        pos = gap.end()
        column = pos - gap.start("indent")
        if pos == len(self.text) or (column == 0 and self._is_boundary(pos)):
            self._finish(pos)
            return None
        if self.open_plain and column > self.nests[-1][1] and not gap["comments"]:
            return self._continuation(pos)
        if len(self.events) >= self.marks[-1].events + self.stride:
            self.marks.append(self.mark(start))
        self._settle(column, entry)
        return self._line(column, entry)

    def _finish(self, pos: int) -> None:
        if not self.events:
            raise UnsureError(pos)
        self._settle_hole()
        self._close_to(-1)

    def _is_boundary(self, pos: int) -> bool:
        if not self.text.startswith(("---", "..."), pos):
            return False
        if not BOUNDARY.match(self.text, pos):
            raise UnsureError(pos)
        return True

    def _settle(self, column: int, entry: re.Match[str]) -> None:
        """Close what ends before a line, so that its entry finds its collection."""
        kind: Kind = "mapping" if entry["dash"] is None else "sequence"
        if self.hole != _NOTHING:
            outer, floor = self.nests[-1]
            if column > floor or (column == floor and kind == "sequence" and outer == "mapping"):
                return
            self._settle_hole()
        self._close_to(column)
        if kind == "mapping" and self.nests[-1] == ("sequence", column):
            self._close()
        if self.nests[-1] != (kind, column):
            raise UnsureError(entry.start())

    def _line(self, column: int, entry: re.Match[str]) -> int:
        """Read what a line says: dashes, a key, a value; `entry` holds the simple part of it."""
        self.open_plain = False
        if entry["dash"] is not None:
            self._begin("sequence", column)
            self.hole = entry.start() + 1
            column += entry.end("dash") - entry.start()
        if entry["key"] is not None:
            self._begin("mapping", column)
            self._key(entry)
        if entry["end"] is None:
            inner = ENTRY.match(self.text, entry.end()) if entry["key"] is None else None
            if inner and inner["dash"] is not None:
                return self._line(column, inner)
            return self._node(entry.end())
        self._simple_value(entry)
        return entry.end()

    def _key(self, entry: re.Match[str]) -> None:
        start, end = entry.span("key")
        if end - start > LONGEST_KEY:
            raise UnsureError(start)
        self._scalar(start, end, self._quote(start))
        self.hole = entry.end("colon")

    def _simple_value(self, entry: re.Match[str]) -> None:
        """Read a value of one word or quotation, if the line has one."""
        start, end = entry.span("value")
        if self.hole == _NOTHING or (start >= 0 and self.nests[-1][0] is None):
            raise UnsureError(entry.start())
        if start >= 0:
            quote = self._quote(start)
            self._scalar(start, end, quote)
            self.open_plain = not quote and entry["comment"] is None

    def _quote(self, pos: int) -> str:
        """The quotation mark at `pos`, or nothing."""
        return self.text[pos] if self.text[pos] in "\"'" else ""

    def _node(self, pos: int) -> int:
        """Read the awaited node, or only its properties, and the rest of the line."""
        if self.hole == _NOTHING:
            raise UnsureError(pos)
        if properties := PROPERTIES.match(self.text, pos):
            if self.tag is not None:
                raise UnsureError(pos)
            self.tag = properties["tag"] or ""
            self.hole = properties.end("words")
            if line_end := END_OF_LINE.match(self.text, self.hole):
                return line_end.end()
            pos = properties.end()
        end = self._value(pos)
        line_end = END_OF_LINE.match(self.text, end)
        if not line_end:
            raise UnsureError(end)
        self.open_plain = self.open_plain and not line_end["comment"]
        return line_end.end()

    def _value(self, pos: int) -> int:
        first, (kind, floor) = self.text[pos], self.nests[-1]
        if first in "[{":
            flow = FlowScanner(self.text, floor, self.events)
            end = flow.collection(pos, tag=self.tag or "", depth=len(self.nests))
            self.hole, self.tag = _NOTHING, None
        elif kind is None:
            raise UnsureError(pos)
        elif first in "|>":
            end = said_end(self.text, pos, block_end(self.text, pos, floor))
            self._scalar(pos, end, first)
        elif first in "\"'":
            end = quoted_end(self.text, pos, floor)
            self._scalar(pos, end, first)
        elif first == "*" and self.tag is None:
            end = after(ALIAS, self.text, pos)
            self.events.append(Event("alias", pos, end))
            self.hole = _NOTHING
        else:
            end = after(PLAIN, self.text, pos)
            self._scalar(pos, end, "")
            self.open_plain = True
        return end

    def _continuation(self, pos: int) -> int:
        """Add a line to the plain scalar that was read last."""
        end = after(CONTINUATION, self.text, pos)
        self.events[-1] = self.events[-1]._replace(end=end)
        line_end = END_OF_LINE.match(self.text, end)
        if not line_end:
            raise UnsureError(end)
        self.open_plain = not line_end["comment"]
        return line_end.end()

    def _scalar(self, start: int, end: int, style: str) -> None:
        self.events.append(Event("scalar", start, end, style, self.tag or ""))
        self.hole, self.tag = _NOTHING, None

    def _settle_hole(self) -> None:
        """The awaited node is absent: a null."""
        if self.hole != _NOTHING:
            self._scalar(self.hole, self.hole, "")

    def _begin(self, kind: Kind, column: int) -> None:
        """Open a collection if its first entry is what stands in the awaited node's place."""
        if self.hole == _NOTHING:
            return
        if len(self.nests) > DEEPEST:
            raise UnsureError(self.hole)
        self.events.append(Event(kind, tag=self.tag or ""))
        self.nests.append((kind, column))
        self.hole, self.tag = _NOTHING, None

    def _close(self) -> None:
        self.nests.pop()
        self.events.append(END)

    def _close_to(self, column: int) -> None:
        """Close the collections that stand deeper than `column`."""
        while self.nests[-1][1] > column:
            self._close()
