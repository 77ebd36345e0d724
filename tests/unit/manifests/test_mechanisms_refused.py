"""`promotionMechanisms` that are refused, ignored or empty."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ferryman.domain.manifests import Item
from ferryman.domain.stage import Stage

ReadStage = Callable[[str], Item]


@pytest.mark.parametrize("field", ["render", "bookkeeper"])
def test_rendering_by_kargo_render_is_refused(stage: ReadStage, field: str) -> None:
    """The sentence says what does it today."""
    update = f"{{repoURL: r, writeBranch: main, {field}: {{}}}}"
    item = stage(f"promotionMechanisms: {{gitRepoUpdates: [{update}]}}")
    assert item.resource is None
    assert f"gitRepoUpdates[0].{field} (line 6): is gone" in item.errors[0]
    assert "helm-template or kustomize-build" in item.errors[0]


@pytest.mark.parametrize(
    ("mechanisms", "said"),
    [
        ("{gitRepoUpdate: {}}", "did you mean gitRepoUpdates?"),
        ("{gitRepoUpdates: {repos: []}}", "gitRepoUpdates (line 6): must be a list"),
        ("{gitRepoUpdates: [{repoURL: a, branch: b}]}", "gitRepoUpdates[0].writeBranch"),
        ("{argoCDAppUpdates: [{appRef: {name: a}}]}", "argoCDAppUpdates[0].appName"),
        ("{gitRepoUpdates: [{helm: {images: [{}]}}]}", "helm.images[0].valuesFilePath (line 6)"),
    ],
)
def test_what_was_never_right_is_refused(stage: ReadStage, mechanisms: str, said: str) -> None:
    """The old form has its own fields, and they are named."""
    errors = stage(f"promotionMechanisms: {mechanisms}").errors
    assert [error for error in errors if said in error], errors


def test_a_template_wins(stage: ReadStage) -> None:
    """Kargo 0.9 had both; beside a template, mechanisms are ignored, and told."""
    item = stage("""\
        promotionMechanisms: {gitRepoUpdates: []}
        promotionTemplate: {spec: {steps: [{uses: git-clone}]}}
        """)
    assert isinstance(item.resource, Stage)
    assert [step.uses for step in item.resource.spec.steps] == ["git-clone"]
    assert "is older than promotionTemplate, and ignored beside it" in item.warnings[0]


def test_without_anything_inside_a_stage_passes_on(stage: ReadStage) -> None:
    """It was a control-flow Stage, and still is."""
    item = stage("promotionMechanisms: {}")
    assert isinstance(item.resource, Stage)
    assert item.resource.spec.control_flow
