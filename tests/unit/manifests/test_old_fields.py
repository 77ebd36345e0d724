"""Old names are read as what they are called now, and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferryman.domain.manifests import Item, load
from ferryman.domain.project import Project
from ferryman.domain.selection import TagRule, order_tags
from ferryman.domain.warehouse import Warehouse


def subscription(warehouse: Callable[[str], Item], text: str) -> tuple[Any, tuple[str, ...]]:
    """Return the one subscription, and the warnings."""
    item = warehouse(f"- {text}\n")
    assert isinstance(item.resource, Warehouse), item.errors
    return item.resource.spec.subscriptions[0], item.warnings


@pytest.mark.parametrize(
    ("old", "field", "value", "said"),
    [
        ("semverConstraint: ^1.0.0", "constraint", "^1.0.0", 'write constraint: "^1.0.0"'),
        ("allowTags: ^v", "allow_tags_regexes", ("^v",), 'write allowTagsRegexes: ["^v"]'),
        ("tagSelectionStrategy: Lexical", "image_selection_strategy", "Lexical", "is an old name"),
        ("imageSelectionStrategy: semver", "image_selection_strategy", "SemVer", "write SemVer"),
    ],
)
def test_image_subscriptions(
    warehouse: Callable[[str], Item], old: str, field: str, value: object, said: str
) -> None:
    """The warning names the field and what to write."""
    read, warnings = subscription(warehouse, f"image: {{repoURL: nginx, {old}}}")
    assert getattr(read.image, field) == value
    name = old.partition(":")[0]
    assert f"spec.subscriptions[0].image.{name} (line 6): " in warnings[0]
    assert said in warnings[0]


def test_ignored_tags_were_tags_not_expressions(warehouse: Callable[[str], Item]) -> None:
    """Only that very tag is ignored."""
    read, _ = subscription(warehouse, "image: {repoURL: nginx, ignoreTags: [1.2.0, 'a+b']}")
    rule = TagRule(strategy="Lexical", ignore=read.image.ignore_tags_regexes)
    assert order_tags(rule, ["1.2.0", "1x2.0", "1.2.0-rc1", "a+b", "aab"]) == [
        "aab",
        "1x2.0",
        "1.2.0-rc1",
    ]


def test_other_subscriptions(warehouse: Callable[[str], Item]) -> None:
    """Git and charts had old names too."""
    git, warnings = subscription(
        warehouse,
        "git: {repoURL: 'https://a/b', commitSelectionStrategy: NewestCommit, allowTags: x}",
    )
    assert (git.git.commit_selection_strategy, git.git.allow_tags_regexes) == (
        "NewestFromBranch",
        ("x",),
    )
    assert len(warnings) == 2
    chart, _ = subscription(warehouse, "chart: {registryURL: 'https://a/b', name: c}")
    assert chart.chart.repo_url == "https://a/b"
    image, warnings = subscription(warehouse, "image: {repo: nginx, gitRepoURL: 'https://a/b'}")
    assert image.image.repo_url == "nginx"
    assert "nothing reads it since Kargo 1.7" in warnings[1]


def test_the_new_name_wins(warehouse: Callable[[str], Item]) -> None:
    """Beside it, the old one is ignored, and told."""
    read, warnings = subscription(
        warehouse, "image: {repoURL: a, constraint: '1', semverConstraint: '2'}"
    )
    assert read.image.constraint == "1"
    assert "is the old name of constraint, and ignored beside it" in warnings[0]


@pytest.mark.parametrize(
    ("given", "meant"), [("dockerImage", "image"), ("helm", "chart"), ("images", "image")]
)
def test_types_that_kargo_does_not_know_are_kept(
    warehouse: Callable[[str], Item], given: str, meant: str
) -> None:
    """They may be the user's own; if they look like another, that is said."""
    item = warehouse(f"- name: it\n  {given}: {{repository: x}}\n")
    assert isinstance(item.resource, Warehouse)
    assert item.resource.spec.subscriptions[0].type == given
    assert item.resource.dump()["spec"]["subscriptions"][0][given] == {"repository": "x"}
    assert item.unsupported == (f"spec.subscriptions[0].{given}",)
    assert f"write {meant}: {{repoURL: …}}" in item.warnings[0]


def test_policies_moved_from_project_to_project_config() -> None:
    """They still count, as in the user's own example."""
    loaded = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: shop}
spec:
  promotionPolicies: [{stage: dev, autoPromotionEnabled: true}]
""")
    (project,) = loaded.resources
    assert isinstance(project, Project)
    assert project.spec.promotion_policies[0].auto_promotion_enabled
    assert "write it as spec.promotionPolicies of kind: ProjectConfig" in loaded.warnings[0]


def test_freight_named_its_warehouse_otherwise() -> None:
    """`warehouse` became `origin`."""
    loaded = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
metadata: {name: f, namespace: shop}
warehouse: w
charts: [{registryURL: 'https://a/b', name: c, version: 1.0.0}]
""")
    assert not loaded.errors
    data = loaded.resources[0].dump()
    assert data["origin"] == {"kind": "Warehouse", "name": "w"}
    assert data["charts"][0]["repoURL"] == "https://a/b"
    assert len(loaded.warnings) == 2


def test_a_promotion_names_its_freight() -> None:
    """Leaving the choice to the server is Kargo's, and not read yet."""
    loaded = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: Promotion
metadata: {namespace: shop}
spec: {stage: dev, origin: {kind: Warehouse, name: w}}
""")
    assert "spec.origin (line 4): is not acted on yet; write spec.freight" in loaded.errors[0]


def test_what_a_promotion_brings_along_is_overwritten() -> None:
    """Steps and vars are the Stage's."""
    loaded = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: Promotion
metadata: {namespace: shop}
spec: {stage: dev, freight: abc, vars: [{name: a}], steps: [{uses: fail}]}
""")
    assert loaded.resources[0].dump()["spec"] == {
        "stage": "dev",
        "freight": "abc",
        "vars": [],
        "steps": [],
    }
    assert [warning.partition(": ")[2] for warning in loaded.warnings] == [
        "spec.steps (line 4): is overwritten with the Stage's; leave it out",
        "spec.vars (line 4): is overwritten with the Stage's; leave it out",
    ]
