"""A YAML file as plain data, as Kargo's reader takes it: for expressions, and to prove merges.

Aliases are followed and counted, so that a short text cannot become huge data. Scalars mean what
they mean in Kubernetes and Helm, whose reader follows YAML 1.1: `yes` is true and `0644` is
octal, while timestamps stay text. Of a file of several documents the first one is read.

Source: https://pkg.go.dev/sigs.k8s.io/yaml
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from activities.tools.text_files import decoded
from activities.tools.yaml_edit.parse import REFUSALS, unreadable
from ferryman.domain.errors import InvalidError

DEEPEST: Final = 100
"""Levels of nesting that we follow."""
MOST_VALUES: Final = 200_000
"""Keys, scalars, lists and mappings of a document, with every alias expanded."""

_OWN: Final = "tag:yaml.org,2002:"
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_BASES: Final = {"0x": 16, "0b": 2, "0o": 8}
_INTEGER: Final = re.compile(
    r"[-+]?(?:0|[1-9][0-9]*+|0[0-7]++|0x[0-9a-f]++|0b[01]++|0o[0-7]++)", re.IGNORECASE | re.ASCII
)
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?", re.ASCII
)
_INTEGERS: Final = range(-(2**63), 2**64)
_LONGEST: Final = 80
"""Digits from which on a number is at best a float."""


def read_yaml(source: bytes) -> Any:
    """The data of a file's first document, `None` where there is none.

    Raises `InvalidError` where the file is not YAML in UTF-8, or exceeds a limit.
    """
    text = decoded(source)
    try:
        return _Builder(YAML(typ="safe", pure=True).parse(text)).document()
    except REFUSALS as error:
        raise unreadable(error) from None


class _Anchored(NamedTuple):
    """What stands at an anchor."""

    data: Any
    values: int
    """Of how many it consists."""
    levels: int
    """How many are below it."""


class _Builder:
    """Builds data from ruamel.yaml's events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.anchors: dict[str, _Anchored] = {}
        self.values = 0
        """How many there are so far."""
        self.reached = 0
        """The deepest level so far."""

    def document(self) -> Any:
        for event in self.events:
            if isinstance(event, NodeEvent):
                data = self._node(event, 0)
                # What is wrong right behind the document shows in the event after its end.
                _end, _next = next(self.events), next(self.events)
                return data
        return None

    def _node(self, event: Any, depth: int) -> Any:
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        values, reached = self.values, self.reached
        self.reached = depth
        self._count(event, 1)
        if isinstance(event, MappingStartEvent):
            data: Any = self._mapping(depth)
        elif isinstance(event, SequenceStartEvent):
            data = [self._node(item, depth + 1) for item in self._inside()]
        else:
            data = _scalar(event)
        if event.anchor:
            levels = self.reached - depth
            self.anchors[event.anchor] = _Anchored(data, self.values - values, levels)
        self.reached = max(self.reached, reached)
        return data

    def _alias(self, event: Any, depth: int) -> Any:
        if event.anchor not in self.anchors:
            raise _refusal(event, f"`*{event.anchor}` is an alias that nothing before it defines")
        anchored = self.anchors[event.anchor]
        self.reached = max(self.reached, depth + anchored.levels)
        self._count(event, anchored.values)
        return anchored.data

    def _count(self, event: Any, values: int) -> None:
        """Account for values, and for the level that has been reached with them."""
        self.values += values
        if self.reached > DEEPEST:
            raise _refusal(event, f"nested more than {DEEPEST} levels deep; make the file flatter")
        if self.values > MOST_VALUES:
            raise _refusal(event, f"more than {MOST_VALUES} values, aliases expanded; split it")

    def _inside(self) -> Iterator[Any]:
        """The events of a collection's entries, as far as nobody reads on in between."""
        for event in self.events:
            if isinstance(event, CollectionEndEvent):
                return
            yield event

    def _mapping(self, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key in self._inside():
            name = self._node(key, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if isinstance(key, ScalarEvent) and key.value == "<<" and not key.style:
                merged = _merged(key, value) | merged
            else:
                own[_name(key, name)] = value
        return merged | own


def _scalar(event: Any) -> Any:
    tag = str(event.tag or "")
    if event.style or (tag and tag.removeprefix(_OWN) not in ("int", "float", "bool", "null")):
        return event.value
    return _plain(event.value)


def _plain(text: str) -> Any:
    """What an unquoted scalar without a tag means."""
    if text in _WORDS:
        return _WORDS[text]
    digits = "" if text.startswith("_") else text.replace("_", "")
    if len(digits) < _LONGEST and _INTEGER.fullmatch(digits):
        unsigned = digits.lstrip("-+").lower()
        octal = 8 if unsigned.startswith("0") else 10
        whole = int(unsigned, _BASES.get(unsigned[:2], octal)) * (-1 if digits[0] == "-" else 1)
        return whole if whole in _INTEGERS else float(whole)
    number = float(digits) if _FLOAT.fullmatch(digits) else math.inf
    return number if math.isfinite(number) else text


def _merged(key: Any, value: Any) -> dict[str, Any]:
    """What `<<` brings in; of several mappings the first one holds."""
    result: dict[str, Any] = {}
    for base in value if isinstance(value, list) else [value]:
        if not isinstance(base, dict):
            raise _refusal(key, "`<<` takes a mapping, or a list of them")
        result = base | result
    return result


def _name(key: Any, name: Any) -> str:
    if isinstance(name, (dict, list)):
        raise _refusal(key, "a key is a list or a mapping, which JSON has not; write a word there")
    if isinstance(name, bool):
        return str(name).lower()
    return "null" if name is None else str(name)


def _refusal(event: Any, problem: str) -> InvalidError:
    mark = event.start_mark
    return InvalidError(
        f"this cannot be read at line {mark.line + 1}, column {mark.column + 1}: {problem}"
    )
