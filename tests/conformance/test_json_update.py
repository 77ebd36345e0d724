"""The table of json-update, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from activities.tools.json_edit import update_json
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError

TABLE = json.loads((Path(__file__).parent / "data/json-update.json").read_text())
REFUSED = {"ju32"}
"""Keys that stand there twice: Kargo sets the first, and readers take the last (known-limits)."""


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
def test_case(case: dict[str, Any]) -> None:
    """A file is updated, or refused, as the table says."""
    refused = case["expected"] == "error" or case["id"] in REFUSED
    updates = [Update(update["key"], update["value"]) for update in case["updates"]]
    try:
        result = update_json(case["input"].encode(), updates).decode()
    except InvalidError:
        assert refused
        return
    assert not refused
    if case["compare"] == "bytes":
        assert result == case["expected"]
    else:
        assert json.loads(result) == json.loads(case["expected"])
