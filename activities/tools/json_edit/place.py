"""From a key such as `image.tag` to the characters that change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from activities.tools.dotted_keys import Part
from activities.tools.json_edit.layout import Layout
from activities.tools.json_edit.scanner import Entry, entries, gap_end, value_end
from activities.tools.updates import Update

MOST_PADDED: Final = 1000
"""Items of null that a position behind a list's end may ask for."""


class Splice(NamedTuple):
    """`text` takes the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def splice(text: str, parts: Sequence[Part], value: str, update: Update) -> Splice:
    """Where, and in which surroundings, to write `value` so that it is what `parts` lead to.

    What is missing on the way is added, and a single value on the way makes room, as in Kargo.
    Raises `InvalidError` where the parts cannot lead anywhere.
    """
    start = gap_end(text, int(text.startswith("\ufeff")))
    layout = Layout.usual("\r\n" if "\r\n" in text else "\n")
    for number, part in enumerate(parts):
        if text[start : start + 1] not in ("{", "["):
            end = value_end(text, start) if start < len(text) else start
            return Splice(start, end, _created(parts[number:], value, layout, update))
        inside, end = list(entries(text, start)), value_end(text, start)
        layout = layout.observed(text, start, inside, end)
        named = text[start] == "{"
        found = _member(inside, part, update) if named else _item(inside, part, update)
        if found is None:
            rest = _created(parts[number + 1 :], value, layout.inner(), update)
            added = [layout.member(part.name, rest)] if named else _padded(inside, part, rest)
            return _addition(start, end, inside, layout, added)
        start, layout = found.value, layout.inner()
    return Splice(start, value_end(text, start), value)


def _member(inside: Sequence[Entry], part: Part, update: Update) -> Entry | None:
    found = [entry for entry in inside if entry.key == part.name]
    if len(found) > 1:
        raise update.refused(
            f"is ambiguous: `{part.name}` stands there {len(found)} times, and readers differ on "
            "which counts; leave one of them"
        )
    if not found:
        _check_name(part, update)
    return found[0] if found else None


def _item(inside: Sequence[Entry], part: Part, update: Update) -> Entry | None:
    if part.appends:
        return None
    if part.position is None:
        raise update.refused(
            f"leads nowhere: `{part.name}` is to be in a list of {len(inside)} items; write a "
            "position, from 0 on, or -1 to append"
        )
    if part.position > len(inside) + MOST_PADDED:
        raise update.refused(
            f"would lengthen a list of {len(inside)} items by more than {MOST_PADDED}; "
            "correct the position, or write -1 to append"
        )
    return inside[part.position] if part.position < len(inside) else None


def _created(parts: Sequence[Part], value: str, layout: Layout, update: Update) -> str:
    """`value` in new objects and lists; `layout` is that of the outermost one."""
    for part in parts:
        _check_name(part, update)
        if (part.position or 0) > MOST_PADDED:
            raise update.refused(
                f"would make a list of more than {MOST_PADDED} items; correct the position, or "
                f"write `:{part.name}` if it is a name"
            )
    return layout.nested(parts, value)


def _check_name(part: Part, update: Update) -> None:
    if part.query:
        raise update.refused(
            f"has `{part.name}`, which is not there; nothing is searched by patterns: write the "
            "name out, and a backslash before |, #, @, * and ? if they belong to it"
        )


def _padded(inside: Sequence[Entry], part: Part, value: str) -> list[str]:
    missing = 0 if part.position is None else part.position - len(inside)
    return [*["null"] * missing, value]


def _addition(
    start: int, end: int, inside: Sequence[Entry], layout: Layout, added: Sequence[str]
) -> Splice:
    """Entries behind the last one of the object or list from `start` to `end`."""
    text = f",{layout.lead}".join(added)
    if not inside:
        return Splice(start + 1, end - 1, f"{layout.first}{text}{layout.last}")
    behind = inside[-1].end
    return Splice(behind, behind, f",{layout.lead}{text}")
