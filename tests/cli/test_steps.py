"""`ferryman get steps`, and expressions that apply refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from activities.steps import STEPS
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import PROJECT, stage


def _publish(api: LiveApi) -> None:
    steps = [STEPS[kind].catalogue_entry() for kind in ("git-push", "git-clone")]
    api.run(api.store.workers.publish("w1", "ferryman.worker.w1", steps, now=datetime.now(UTC)))


def test_kinds_are_listed_with_what_they_do(ferryman: Ferryman, api: LiveApi) -> None:
    """By name; they belong to no Project."""
    assert "No worker has said yet" in ferryman("get", "steps").err
    _publish(api)
    header, clone, push = ferryman("get", "steps").out.splitlines()
    assert header == "NAME        SUMMARY"
    assert clone.split("   ")[0] == "git-clone"
    assert push.endswith(STEPS["git-push"].summary)
    assert ferryman("get", "steps", "-o", "name").out.split() == ["git-clone", "git-push"]


def test_one_kind_is_shown_as_data(ferryman: Ferryman, api: LiveApi) -> None:
    """With its schema; an unknown one is a failure that says which there are."""
    _publish(api)
    shown = json.loads(ferryman("get", "step", "git-push", "-o", "json").out)
    assert shown["schema"]["properties"]["path"]["type"] == "string"
    said = ferryman("get", "steps", "teleport")
    assert said.code == 1
    assert "there is no step teleport; there are git-clone, git-push" in said.err


def test_an_expression_that_cannot_work_is_shown(ferryman: Ferryman, tmp_path: Path) -> None:
    """Once with its file, and with a caret under the spot."""
    (tmp_path / "project.yaml").write_text(PROJECT)
    (tmp_path / "bad.yaml").write_text(stage("dev").replace("./src", "'${{ var.src }}'"))
    said = ferryman("apply", "-f", "project.yaml", "-f", "bad.yaml")
    assert said.code == 1
    lines = said.err.splitlines()
    assert lines[0].startswith("Error: bad.yaml:2: Stage/dev: ")
    assert lines[0].endswith("there is no variable 'var'; did you mean 'vars'?")
    assert lines[1:3] == ["  |  var.src", "  |  ^"]
