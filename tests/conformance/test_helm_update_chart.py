"""The table of helm-update-chart's edit of Chart.yaml, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from activities.steps.helm_update_chart import ChartConfig, with_versions

TABLE = json.loads((Path(__file__).parent / "data/helm-update-chart.json").read_text())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
def test_case(case: dict[str, Any]) -> None:
    """Versions change, and nothing else, up to the quotes around them."""
    charts = [ChartConfig.load(chart) for chart in case["charts"]]
    result = with_versions(case["chart_yaml"].encode(), charts).decode()
    assert result.replace('"', "") == case["expected_chart_yaml"].replace('"', "")
