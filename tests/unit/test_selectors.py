"""Which Stages a selector means."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ferryman.domain.selectors import StageSelector

LABELS = {"tier": "web", "region": "eu"}


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({}, True),
        ({"name": "prod-eu"}, True),
        ({"name": "prod"}, False),
        ({"name": "glob:prod-*"}, True),
        ({"name": "regex:eu$"}, True),
        ({"name": "regexp:^eu"}, False),
        ({"matchLabels": {"tier": "web", "region": "eu"}}, True),
        ({"matchLabels": {"tier": "db"}}, False),
        ({"matchLabels": {"missing": ""}}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web", "db"]}]}, True),
        ({"matchExpressions": [{"key": "missing", "operator": "In", "values": [""]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "missing", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "missing", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "missing", "operator": "DoesNotExist"}]}, True),
        ({"name": "prod-eu", "matchLabels": {"tier": "db"}}, False),
        (
            {
                "name": "glob:*",
                "matchLabels": {"tier": "web"},
                "matchExpressions": [{"key": "region", "operator": "Exists"}],
            },
            True,
        ),
    ],
)
def test_selection(selector: dict[str, Any], *, selected: bool) -> None:
    """Name, labels and expressions must all hold; what is not given does not matter."""
    assert StageSelector.load(selector).matches("prod-eu", LABELS) is selected


@pytest.mark.parametrize(
    "selector",
    [
        {"name": "regex:("},
        {"name": "glob:["},
        {"name": "exact:prod"},
        {"matchExpressions": [{"key": "tier", "operator": "In"}]},
        {"matchExpressions": [{"key": "tier", "operator": "Exists", "values": ["web"]}]},
        {"matchExpressions": [{"key": "tier", "operator": "Gt", "values": ["1"]}]},
        {"matchExpressions": [{"key": "", "operator": "Exists"}]},
        {"labels": {"tier": "web"}},
    ],
)
def test_bad_selectors_are_refused(selector: dict[str, Any]) -> None:
    """Bad patterns, operators and values are found when the selector is read."""
    with pytest.raises(ValidationError):
        StageSelector.load(selector)
