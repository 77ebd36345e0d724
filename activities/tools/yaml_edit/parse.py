"""ruamel.yaml's reading of a document, as our events: slow, complete, and the judge of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    MappingStartEvent,
    ScalarEvent,
)

from activities.tools.yaml_edit.block import said_end
from activities.tools.yaml_edit.event import DEEPEST, END, Event
from activities.tools.yaml_edit.grammar import repeated
from ferryman.domain.errors import InvalidError

REFUSALS: Final = (YAMLError, ValueError, ArithmeticError, AssertionError, LookupError, TypeError)
"""All that ruamel.yaml raises on text that is not YAML; `"\\UFFFFFFFF"` is an OverflowError."""

_TABS: Final = re.compile(
    r"(?<=[^ \t\r\n])[ ]*+\t[ \t]*+ | ^[ ]*+\t[ \t]*+(?=\#|\r?$)", re.VERBOSE | re.MULTILINE
)
"""Tabs that do not indent: behind a word, and on lines without one."""

_PROPERTIES: Final = re.compile(
    repeated(r"[&!][^ \t\r\n]*+" + repeated(r"[ \t\r\n]++", r"(?<=[ \t\r\n])#[^\r\n]*+"))
)
_COLON: Final = re.compile(r"[ \t]*+:")
_OWN_TAGS: Final = "tag:yaml.org,2002:"


def parse(text: str) -> list[Event]:
    """The events of the first document in `text`; none where there is no document.

    Raises `InvalidError` where ruamel.yaml cannot read it, or it is nested too deep.
    """
    try:
        return list(_events(text))
    except REFUSALS as error:
        # YAML lets tabs stand between words, as in `tag: v1<tab># why`; ruamel.yaml does not.
        spaced = _TABS.sub(lambda tabs: " " * len(tabs[0]), text)
        if spaced == text:
            raise unreadable(error) from None
    try:
        return [_without_tabs(text, event) for event in _events(spaced)]
    except REFUSALS as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> InvalidError:
    """One of the `REFUSALS` as the error for people."""
    problem, place = "it has characters that YAML forbids", ""
    if isinstance(error, MarkedYAMLError):
        problem = error.problem or error.context or problem
        mark = error.problem_mark or error.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return InvalidError(f"this cannot be read as YAML{place}: {problem}; mend the file first")


def _without_tabs(text: str, event: Event) -> Event:
    """`event` without a value that would have lost its tabs."""
    return event._replace(value=None) if "\t" in text[event.start : event.end] else event


def _events(text: str) -> Iterator[Event]:
    depth, previous, ended = 0, END, False
    for event in YAML(typ="safe", pure=True).parse(text):
        if ended:
            return
        # What is wrong right behind the document shows in the event after its end.
        ended = isinstance(event, DocumentEndEvent)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidError(
                f"line {event.start_mark.line + 1} is nested more than {DEEPEST} levels deep; "
                "make the file flatter"
            )
        if ours := _event(text, event, previous):
            previous = ours
            yield ours


def _event(text: str, event: Any, previous: Event) -> Event | None:
    """Our event for one of ruamel.yaml's; the stream's and the document's own are left out."""
    if isinstance(event, CollectionEndEvent):
        return END
    if isinstance(event, AliasEvent):
        return Event("alias", event.start_mark.index, event.end_mark.index)
    if isinstance(event, CollectionStartEvent):
        mapping = isinstance(event, MappingStartEvent)
        bracket = "{" if mapping else "["
        style = bracket if event.flow_style else ""
        return Event("mapping" if mapping else "sequence", style=style, tag=_tag(event))
    if isinstance(event, ScalarEvent):
        return _scalar(text, event, previous)
    return None


def _scalar(text: str, event: Any, previous: Event) -> Event:
    start, end = event.start_mark.index, event.end_mark.index
    style = event.style or ""
    properties = _PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if style in ("|", ">"):
        end = said_end(text, start, end)
    elif event.start_mark.index == end:
        start = end = _hole(text, end, previous)
    return Event("scalar", start, end, style, _tag(event), event.value)


def _hole(text: str, mark: int, previous: Event) -> int:
    """Where an absent item or value would begin, or -1 where that is unknown.

    ruamel.yaml marks the absent value of a block mapping where the next word begins; it belongs
    behind the colon of its key.
    """
    if previous.end >= 0 and (colon := _COLON.match(text, previous.end)):
        return colon.end()
    return mark if text.startswith("-", max(mark - 1, 0)) else -1


def _tag(event: Any) -> str:
    tag = event.tag or ""
    return f"!!{tag.removeprefix(_OWN_TAGS)}" if tag.startswith(_OWN_TAGS) else tag
