"""Where a field stands: as keys (`("steps", 0)`) and as people read it (`steps[0]`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Loc = tuple[str | int, ...]

_NAME = re.compile(r"[\w-]+", re.ASCII)


def path(loc: Loc) -> str:
    """`spec.steps[0].uses`, `metadata.labels["example.com/team"]`."""
    return "".join(_part(key) for key in loc).removeprefix(".")


def places(data: Any, pattern: str) -> Iterator[tuple[Loc, Any]]:
    """Every place that `pattern` names, with its value: `spec.steps[*].uses`."""
    found: list[tuple[Loc, Any]] = [((), data)]
    for key in pattern.replace("[*]", ".*").split("."):
        found = [child for loc, value in found for child in _children(loc, value, key)]
    yield from found


def _children(loc: Loc, value: Any, key: str) -> list[tuple[Loc, Any]]:
    if key == "*":
        entries = value if isinstance(value, list) else []
        return [((*loc, index), entry) for index, entry in enumerate(entries)]
    return [((*loc, key), value[key])] if isinstance(value, dict) and key in value else []


def _part(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _NAME.fullmatch(key) else f"[{json.dumps(key, ensure_ascii=False)}]"
