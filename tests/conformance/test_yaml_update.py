"""The table of yaml-update, case by case, byte by byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from activities.tools.yaml_edit import Update, update_yaml
from ferryman.domain.errors import InvalidError

TABLE = json.loads((Path(__file__).parent / "data/yaml-update.json").read_text())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
def test_case(case: dict[str, Any]) -> None:
    """A file is updated, or refused, as the table says."""
    refused = case["expected"] == "error" or case.get("accept_error", False)
    updates = [Update(update["key"], update["value"]) for update in case["updates"]]
    try:
        result = update_yaml(case["input"].encode(), updates).decode()
    except InvalidError:
        assert refused
    else:
        assert result in [case["expected"], *case["accept"]]
