"""The table of kustomize-set-image, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from activities.tools.kustomizations import NAMES
from ferryman.domain.errors import InvalidError
from tests.steps.conftest import Steps, git, steps

__all__ = ["git", "steps"]

TABLE = json.loads((Path(__file__).parent / "data/kustomize-set-image.json").read_text())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
async def test_case(case: dict[str, Any], steps: Steps) -> None:
    """The images are as the table says; every other field, and every comment outside, stays."""
    leaves = case["config"]["path"].startswith("..")
    for name, content in case["files"].items():
        await steps.workspace.write(name, content.encode())
    try:
        result = await steps.run("kustomize-set-image", case["config"])
    except InvalidError:
        assert case["expect"] == "error" or leaves
        return
    assert case["expect"] == "ok"
    name = next(name for name in case["files"] if name in NAMES)
    before, after = _load(case["files"][name]), _load(steps.text(name))
    assert after.pop("images") == case["expected_images"]
    before.pop("images", None)
    assert after == before
    comments = [line for line in case["files"][name].splitlines() if "#" in line]
    assert [c for c in comments if "newTag" not in c and c not in steps.text(name)] == []
    if message := case["expected_commit_message"]:
        assert result.output["commitMessage"] == message


def _load(text: str) -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(text))
