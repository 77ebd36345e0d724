"""The table of URL normalisation, case by case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image

TABLE = json.loads((Path(__file__).parent / "data/url-normalize.json").read_text())
NORMALIZE = {"git": normalize_git, "image": normalize_image, "chart": normalize_chart}


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['kind']} {case['input']}")
def test_case(case: dict[str, str]) -> None:
    """A URL is normalised as the table says."""
    assert NORMALIZE[case["kind"]](case["input"]) == case["expected"]
