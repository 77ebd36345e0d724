"""The table of version constraints, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.versions import Constraint, parse_version

TABLE = json.loads((Path(__file__).parent / "data/semver-constraints.json").read_text())


def outcome(case: dict[str, Any]) -> bool | str:
    """Ask us what the table asked Masterminds' library."""
    try:
        constraint = Constraint.parse(case["constraint"])
    except InvalidError:
        return "error"
    version = parse_version(case["version"], strict=case["strict"])
    return version is not None and constraint.matches(version)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    """A constraint accepts, rejects or is refused as the table says."""
    assert outcome(case) == case["match"]
    if case["constraint_valid"]:
        version = parse_version(case["version"], strict=case["strict"])
        assert (version is not None) == case["version_valid"]
