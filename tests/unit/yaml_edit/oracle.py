"""What ruamel.yaml says about a text, asked without a line of our own reading."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import DocumentEndEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Fact = tuple[object, ...]


def facts(text: str) -> list[Fact] | None:
    """What the first document consists of, or `None` where ruamel.yaml cannot read it.

    Of each event: what it is, its anchor, tag and value, but not its place.
    """
    found = []
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            found.append(_fact(event))
            if isinstance(event, DocumentEndEvent):
                break
    except (YAMLError, OverflowError, ValueError, AssertionError):
        return None
    return found


def _fact(event: Any) -> Fact:
    anchor = event.anchor if isinstance(event, NodeEvent) else None
    return (
        type(event).__name__,
        anchor,
        getattr(event, "tag", None),
        getattr(event, "value", None),
    )


def load(text: str, version: tuple[int, int] = (1, 2)) -> Any:
    """The data of the first document, as YAML 1.2 or 1.1."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return next(iter(yaml.load_all(text)))


def span(text: str, path: list[str | int]) -> tuple[int, int]:
    """Where the scalar at `path` begins and ends, its anchor and tag included."""
    node: Node = next(iter(YAML(typ="safe", pure=True).compose_all(text)))
    for step in path:
        if isinstance(node, MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        elif isinstance(node, SequenceNode):
            node = node.value[step]
    return node.start_mark.index, node.end_mark.index


def put(data: Any, path: list[str | int], value: object) -> Any:
    """`data` with another value at `path`."""
    *way, last = path
    here = data
    for step in way:
        here = here[step]
    here[last] = value
    return data


def assert_only_span_changed(before: str, after: str, start: int, end: int) -> None:
    """All that stands outside a span of `before` stands in `after` too.

    ruamel.yaml marks an absent value (`start == end`) somewhere behind its colon; then something
    may have been inserted, and nothing else.
    """
    if start == end:
        assert _shared(before, after) + _shared(before[::-1], after[::-1]) >= len(before)
    else:
        assert after.startswith(before[:start])
        assert after.endswith(before[end:])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
