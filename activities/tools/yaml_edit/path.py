r"""Keys such as `image.tag` or `containers.0.image`, and where in a document they lead.

Kargo's syntax: dots part the names, `\.` is a dot inside a name, and a number counts the items of
a list from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from activities.tools.yaml_edit.event import Event
from activities.tools.yaml_edit.reading import content
from ferryman.domain.errors import InvalidError

_DOT: Final = re.compile(r"(?<!\\)\.")
_INDEX: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_SHOWN: Final = 8
"""How many keys of a mapping a message names."""


class Target(NamedTuple):
    """The scalar that a key leads to."""

    number: int
    """Its place among the events, from 0."""
    scalar: Event
    flow: bool
    """Whether it stands inside brackets."""


def locate(text: str, events: list[Event], key: str) -> Target:
    """Follow `key` to its scalar; raises `InvalidError` where it does not lead to exactly one."""
    return _Walk(text, events, key).target()


class _Walk:
    """Goes from the root to the value of one key, a name at a time."""

    def __init__(self, text: str, events: list[Event], key: str) -> None:
        self.text = text
        self.events = events
        self.key = key
        self.index = 0
        self.place = "the document"

    def target(self) -> Target:
        names = [name.replace("\\.", ".") for name in _DOT.split(self.key)]
        if not all(names):
            raise self._refusal("has an empty name; write one on both sides of each dot")
        if not self.events:
            raise self._refusal("leads nowhere: the file is empty, and only what exists is updated")
        flow = False
        for end, name in enumerate(names, start=1):
            flow = self.events[self.index].style != ""
            self._step(name)
            self.place = f"`{'.'.join(names[:end])}`"
        scalar = self.events[self.index]
        if scalar.kind == "alias":
            raise self._refusal(
                f"is the alias `{self._source(scalar)}`; update the value that it repeats, "
                "or write this one out in the file first"
            )
        if scalar.kind != "scalar":
            raise self._refusal(f"is a {scalar.kind}; name one value inside it")
        return Target(self.index, scalar, flow)

    def _step(self, name: str) -> None:
        """Go to the value at `name`, a key or an index."""
        here = self.events[self.index]
        if here.kind == "mapping":
            self.index = self._value(name)
        elif here.kind == "sequence":
            self.index = self._item(name)
        elif here.kind == "alias":
            raise self._refusal(
                f"goes through {self.place}, which is the alias `{self._source(here)}`; "
                "update the value that it repeats"
            )
        else:
            raise self._refusal(
                f"leads nowhere: {self.place} is a single value, with no `{name}` in it "
                "(a dot inside a name is written `\\.`)"
            )

    def _value(self, name: str) -> int:
        """The index of the value that the mapping here has under `name`."""
        entries = list(self._entries())
        found = [value for key, value in entries if key == name]
        if len(found) > 1:
            raise self._refusal(
                f"is ambiguous: {self.place} has `{name}` {len(found)} times; leave one of them"
            )
        if not found:
            raise self._missing(name, [key for key, _ in entries])
        return found[0]

    def _entries(self) -> Iterator[tuple[str | None, int]]:
        """The keys of the mapping here, `None` for one that is no scalar, with their values."""
        index = self.index + 1
        while self.events[index].kind != "end":
            key, value = self.events[index], self._next(index)
            yield content(self.text, key) if key.kind == "scalar" else None, value
            index = self._next(value)

    def _missing(self, name: str, keys: list[str | None]) -> InvalidError:
        shown = ", ".join(f"`{key}`" for key in keys[:_SHOWN] if key is not None)
        more = ", …" if len(keys) > _SHOWN else ""
        there = f"it has {shown}{more}" if shown else "it is empty"
        merged = "; what `<<` brings in is updated where it stands" if "<<" in keys else ""
        return self._refusal(
            f"leads nowhere: {self.place} has no `{name}`, {there}{merged}; correct the key, or "
            "add it to the file first"
        )

    def _item(self, name: str) -> int:
        """The index of the item that the list here has at the position `name`."""
        items = list(self._items())
        if not _INDEX.fullmatch(name) or int(name) >= len(items):
            last = f"0 to {len(items) - 1}" if items else "as it is empty"
            raise self._refusal(
                f"leads nowhere: {self.place} is a list, and `{name}` is none of its positions, "
                f"{last}"
            )
        return items[int(name)]

    def _items(self) -> Iterator[int]:
        index = self.index + 1
        while self.events[index].kind != "end":
            yield index
            index = self._next(index)

    def _next(self, index: int) -> int:
        """The index of the event behind the node at `index`."""
        depth = 0
        while True:
            kind = self.events[index].kind
            index += 1
            if kind == "end":
                depth -= 1
            elif kind in ("mapping", "sequence"):
                depth += 1
            if depth == 0:
                return index

    def _source(self, alias: Event) -> str:
        return self.text[alias.start : alias.end]

    def _refusal(self, reason: str) -> InvalidError:
        return InvalidError(f"the key `{self.key}` {reason}")
