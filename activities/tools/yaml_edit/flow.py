"""The flow part of our YAML reader: quoted scalars, and `[lists]` and `{mappings}` in brackets."""

from __future__ import annotations

from activities.tools.yaml_edit.event import DEEPEST, END, Event, UnsureError
from activities.tools.yaml_edit.grammar import (
    ALIAS,
    COMMA,
    FLOW_GAP,
    FLOW_KEY,
    FLOW_PLAIN,
    LONGEST_KEY,
    PROPERTIES,
    QUOTED,
    after,
)


def quoted_end(text: str, pos: int, floor: int) -> int:
    """The index after the quoted scalar at `pos`; raises `UnsureError`.

    Its further lines must be indented by more than `floor` columns, as the specification asks and
    not every reader checks.
    """
    end = after(QUOTED, text, pos)
    if text.find("\n", pos, end) < 0:
        return end
    _, *further = text[pos:end].split("\n")
    for line in further:
        indent = len(line) - len(line.lstrip(" "))
        if "\t" in line or (indent <= max(floor, 0) and line.strip(" \r")):
            raise UnsureError(pos)
    return end


class FlowScanner:
    """Reads what stands in brackets into `events`.

    `floor` is the column of the block collection around it. Methods take the index where their
    part begins, return the index after it, and raise `UnsureError`.
    """

    def __init__(self, text: str, floor: int, events: list[Event]) -> None:
        self.text = text
        self.floor = floor
        self.events = events

    def collection(self, pos: int, *, tag: str, depth: int) -> int:
        """Read a list or mapping, from its first bracket to its last."""
        if depth > DEEPEST:
            raise UnsureError(pos)
        bracket = self.text[pos]
        mapping = bracket == "{"
        closer = "}" if mapping else "]"
        self.events.append(Event("mapping" if mapping else "sequence", style=bracket, tag=tag))
        pos = after(FLOW_GAP, self.text, pos + 1)
        while not self.text.startswith(closer, pos):
            pos = self._entry(pos, depth) if mapping else self._node(pos, depth)
            comma = COMMA.match(self.text, pos)
            if not comma or not (comma["comma"] or self.text.startswith(closer, comma.end())):
                raise UnsureError(pos)
            pos = comma.end()
        self.events.append(END)
        return pos + 1

    def _entry(self, pos: int, depth: int) -> int:
        key = FLOW_KEY.match(self.text, pos)
        if not key or key.end("key") - pos > LONGEST_KEY:
            raise UnsureError(pos)
        style = self.text[pos] if key["quoted"] else ""
        self.events.append(Event("scalar", pos, key.end("key"), style))
        if self.text.startswith((",", "}"), key.end()):
            hole = key.end("colon")
            self.events.append(Event("scalar", hole, hole))
            return hole
        return self._node(key.end(), depth)

    def _node(self, pos: int, depth: int) -> int:
        tag, first = "", self.text[pos : pos + 1]
        properties = PROPERTIES.match(self.text, pos) if first in ("&", "!") else None
        if properties:
            tag = properties["tag"] or ""
            pos = after(FLOW_GAP, self.text, properties.end())
            first = self.text[pos : pos + 1]
        if first in ("[", "{"):
            return self.collection(pos, tag=tag, depth=depth + 1)
        if first in ('"', "'"):
            end = quoted_end(self.text, pos, self.floor)
            self.events.append(Event("scalar", pos, end, first, tag))
        elif first == "*" and not properties:
            end = after(ALIAS, self.text, pos)
            self.events.append(Event("alias", pos, end))
        else:
            end = after(FLOW_PLAIN, self.text, pos)
            self.events.append(Event("scalar", pos, end, "", tag))
        return end
