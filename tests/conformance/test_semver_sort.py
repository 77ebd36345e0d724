"""The table of tag selection, case by case."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.selection import TagRule, newest_first, order_tags

TABLE = json.loads((Path(__file__).parent / "data/semver-sort.json").read_text())


@dataclass(frozen=True)
class Build:
    """A tag of the table with its date."""

    tag: str
    created_at: datetime


def outcome(case: dict[str, Any]) -> object:
    """Select as discovery does, with the case as the registry."""
    rule = TagRule(
        strategy=case["strategy"],
        constraint=case.get("constraint", ""),
        allow=tuple(case.get("allowTagsRegexes", ())),
        ignore=tuple(case.get("ignoreTagsRegexes", ())),
        strict_semvers=case.get("strictSemvers", True),
    )
    limit = case.get("discoveryLimit", 0)
    dates = {image["tag"]: image["createdAt"] for image in case.get("images", ())}
    try:
        tags = order_tags(rule, case.get("tags", dates))
    except InvalidError:
        return "error"
    if rule.by_date:
        builds = [Build(tag, datetime.fromisoformat(dates[tag])) for tag in tags]
        return [build.tag for build in newest_first(builds, limit)]
    if rule.needs_tags:
        return tags[: limit or None]
    registry = case["registry"]
    return [{"tag": tag, "digest": registry[tag]} for tag in tags if tag in registry]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
def test_case(case: dict[str, Any]) -> None:
    """The eligible tags come in the table's order."""
    assert outcome(case) == case["expected"]
