"""The table of expressions, case by case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, kargo, render, render_config
from ferryman.domain.expressions.kargo import StepStatus, Subscription, World

TABLE = json.loads((Path(__file__).parent / "data/expressions.json").read_text())
CONTEXTS = TABLE["contexts"]


def environment(case: Mapping[str, Any]) -> Environment:
    """Set up the variables and the world of a case."""
    fixture = CONTEXTS["_".join(filter(None, ("fixture", case.get("fixture"))))]
    world = World(
        freight=fixture["freight"],
        requested=fixture["requested"],
        subscriptions={
            name: [subscription(item) for item in items]
            for name, items in fixture["warehouses"].items()
        },
        secret=fixture["secrets"].get,
        shared_secret=fixture["sharedSecrets"].get,
        config_map=fixture["configMaps"].get,
        shared_config_map=fixture["sharedConfigMaps"].get,
        freight_metadata=fixture["freightMetadata"].get,
        freight_status=fixture["freightStatus"].get,
        stage_metadata=fixture["stageMetadata"].get,
        steps=[StepStatus(step["alias"], step["status"]) for step in fixture["steps"]],
        alias=fixture["currentAlias"],
    )
    variables = CONTEXTS["env"] | case.get("extra_env", {})
    return kargo.environment(variables, world, now=datetime(2026, 11, 22, tzinfo=UTC))


def subscription(item: Mapping[str, Any]) -> Subscription:
    """Read `{kind: url}`, or of a chart `{chart: {RepoURL, Name}}`."""
    [(kind, value)] = item.items()
    if kind == "chart":
        return Subscription(kind, value["RepoURL"], value["Name"])
    return Subscription(kind, value)


def outcome(case: Mapping[str, Any]) -> Any:
    """Ask us what the table asked Kargo."""
    try:
        if case["mode"] == "json":
            return render_config(json.loads(case["template"]), environment(case))
        return render(case["template"], environment(case))
    except ExpressionError:
        return "error"


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    """A template becomes what the table says, or is refused."""
    found = outcome(case)
    if case["expect"] == "nonfinite":
        assert isinstance(found, str)
    elif case["expect"] == "error":
        assert found == "error"
    else:
        assert found == case["value"]
        assert isinstance(found, bool) == isinstance(case["value"], bool)
