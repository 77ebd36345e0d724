"""The pages that are made from code say what the code says."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from pydantic import Field
from ruamel.yaml import YAML

from activities.kinds import StepConfig, StepKind
from activities.steps import STEPS
from ferryman.domain.lint import Severity, lint
from ferryman.domain.manifests.step_configs import config_problems
from server.lint.kinds import known_kinds
from server.pages.fields import fields
from server.pages.rules import with_rules
from server.pages.steps import step_pages

DOCS = Path(__file__).parents[2] / "docs"
TASK = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: example, namespace: shop}
spec:
  steps:
"""
AGAIN = "run `make docs`"


class Inner(StepConfig):
    """Part of a config."""

    key: str = Field(min_length=1)
    """What it is | called."""
    also: dict[str, int] | None = None
    """Numbers."""


class Sample(StepConfig):
    """A config."""

    entries: tuple[Inner, ...]
    """Some of them,
    over two lines."""
    mode: str = "plain"
    """How."""
    force: bool = False
    """Whether."""


def test_the_steps_pages_are_up_to_date() -> None:
    """One for each step, and their index; none of steps that are gone."""
    pages = step_pages(STEPS)
    written = {file.name: file.read_text() for file in (DOCS / "steps").glob("*.md")}
    assert written.keys() == pages.keys(), AGAIN
    assert written == pages, AGAIN


def test_the_rules_of_lint_are_up_to_date() -> None:
    """The table in docs/lint.md is the registry's."""
    text = (DOCS / "lint.md").read_text()
    assert with_rules(text) == text, AGAIN


def test_a_schema_becomes_rows() -> None:
    """Nested fields with their paths, in the order of the model."""
    rows = [(f.path, f.type, f.required, f.default, f.meaning) for f in fields(_schema())]
    assert rows == [
        ("entries", "list of object", True, "", "Some of them, over two lines."),
        ("entries[].key", "string", True, "", "What it is | called."),
        ("entries[].also", "map of integer", False, "", "Numbers."),
        ("mode", "string", False, '"plain"', "How."),
        ("force", "boolean", False, "false", "Whether."),
    ]


def _schema() -> dict[str, Any]:
    return Sample.model_json_schema(by_alias=True)


EXAMPLES = {name: kind for name, kind in STEPS.items() if kind.example}


@pytest.mark.parametrize("kind", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_what_the_step_takes(kind: StepKind[Any]) -> None:
    """Its own steps' configs validate, and lint has no error in a task of them."""
    steps = YAML(typ="safe").load(kind.example)
    own = [step for step in steps if step.get("uses") == kind.kind]
    assert own
    for step in own:
        assert list(config_problems(kind.config, step.get("config"))) == []
    body = indent(kind.example.strip(), "  ")
    findings = lint([("example.yaml", f"{TASK}{body}\n")], known_kinds())
    assert [f.message for f in findings if f.severity is Severity.ERROR] == []
