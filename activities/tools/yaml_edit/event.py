"""What a YAML document is made of, seen from outside: a flat list of events with their places.

Both readers (`scan`, ours, and `parse`, ruamel.yaml's) give the same list for the same document,
so finding a key and comparing two readings need not know which one read.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["mapping", "sequence", "scalar", "alias", "end"]

DEEPEST = 100
"""Levels of nesting that we follow; deeper documents are refused."""


class Event(NamedTuple):
    """One node begins, or (`end`) one collection closes.

    A mapping is followed by its keys and values in turn, a sequence by its items, both by `end`.
    """

    kind: Kind
    start: int = -1
    """Index of a scalar's or alias's first character, its anchor and tag left out; else -1."""
    end: int = -1
    """Index after its last character; equal to `start` where a value is merely absent."""
    style: str = ""
    """Scalars: `"`, `'`, `|`, `>` or nothing (plain). Collections: `{`, `[` or nothing (block)."""
    tag: str = ""
    """The tag, with YAML's own written `!!str`; nothing where there is none."""
    value: str | None = None
    """What a scalar holds, where the reader has worked it out already."""


END = Event("end")


class UnsureError(Exception):
    """Our scanner leaves this document to ruamel.yaml; never leaves `reading`."""
