"""Our own reader of YAML: where every scalar of a file's first document stands, and fast.

It goes line by line and keeps only the columns of the open collections. It is sure or it is
silent: whatever it does not know for certain (complex keys, directives, tabs between words,
indentation indicators, broken YAML) raises `UnsureError`, and the caller asks ruamel.yaml. Tests
compare the two on generated and mutated documents: where this one answers, both say the same.
"""

from __future__ import annotations

from typing import Final

from activities.tools.yaml_edit.event import Event, UnsureError
from activities.tools.yaml_edit.scanner import Mark, Scanner

STRIDE: Final = 200
"""Events from one mark to the next."""


def scan(text: str, *, stride: int = STRIDE) -> tuple[list[Event], list[Mark]]:
    """The events of the first document in `text`, and marks that are `stride` events apart.

    Raises `UnsureError` where the document, valid or not, is one for ruamel.yaml.
    """
    scanner = Scanner(text, stride=stride)
    pos: int | None = scanner.start()
    while pos is not None:
        pos = scanner.step(pos)
    return scanner.events, scanner.marks


def rescan(text: str, earlier: list[Event], begin: Mark, end: Mark | None) -> list[Event]:
    """The events of `text` between two marks, or from `begin` to the end of the document.

    `earlier` are the events of another text that is the same up to `begin`. Raises `UnsureError`
    where the scanner does not pass `end` as that mark says.
    """
    scanner = Scanner(text, stride=STRIDE)
    pos: int | None = scanner.resume(begin, earlier)
    while pos is not None and (end is None or pos < end.pos):
        pos = scanner.step(pos)
    if end is not None and (pos is None or scanner.mark(pos) != end):
        raise UnsureError(pos)
    return scanner.events[begin.events :]
