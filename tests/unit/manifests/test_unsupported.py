"""What is kept but not acted on yet is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ferryman.domain.manifests import Item, condition, load

STEPS = "spec.promotionTemplate.spec.steps"


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ("shard: eu", []),
        ("verification: {analysisTemplates: [{name: a}]}", ["spec.verification"]),
        ("targets: {selectors: []}", ["spec.targets"]),
        (
            "promotionTemplate: {spec: {steps: [{uses: git-clone}, {uses: helm-template}]}}",
            [f"{STEPS}[1].uses (helm-template)"],
        ),
        ("promotionTemplate: {spec: {steps: [{task: {name: t}}]}}", []),
        (
            "promotionTemplate: {spec: {steps: [{parallel: [{uses: git-clone}, {uses: nope}]}]}}",
            [f"{STEPS}[0].parallel[1].uses (nope)"],
        ),
        ("promotionTemplate: {spec: {steps: [{uses: git-clone, task: null}]}}", []),
    ],
)
def test_stages(stage: Callable[[str], Item], spec: str, fields: list[str]) -> None:
    """Also steps whose kind nobody runs; what is empty is not there."""
    item = stage(spec)
    assert item.resource, item.errors
    assert list(item.unsupported) == fields


@pytest.mark.parametrize(
    ("subscription", "field"),
    [
        ("name: a\n  cranes: {config: {}}", "cranes"),
    ],
)
def test_warehouses(warehouse: Callable[[str], Item], subscription: str, field: str) -> None:
    """What Kargo knows is acted on; types of the user's own are not yet."""
    assert warehouse(f"- {subscription}").unsupported == (f"spec.subscriptions[0].{field}",)
    known = (
        "- image: {repoURL: a}\n- git: {repoURL: 'https://a/b'}\n- chart: {repoURL: 'oci://a/b'}"
    )
    assert warehouse(known).unsupported == ()


def test_project_configs() -> None:
    """Each part that waits for later work is named by itself."""
    (item,) = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: shop, namespace: shop}
spec:
  promotionPolicies:
  - {stageSelector: {name: 'glob:*'}, autoRollback: {onPromotion: [Failed]}}
  stageLinks: []
""").items
    assert item.unsupported == ("spec.promotionPolicies[0].autoRollback",)


def test_without_a_catalogue_no_step_is_unknown() -> None:
    """Whoever does not know which steps there are lists none."""
    text = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: s}
spec:
  requestedFreight: [{origin: {kind: Warehouse, name: w}, sources: {direct: true}}]
  promotionTemplate: {spec: {steps: [{uses: git-clone}]}}
"""
    assert load(text).items[0].unsupported == ()
    assert load(text, known_steps=frozenset()).items[0].unsupported == (
        f"{STEPS}[0].uses (git-clone)",
    )


def test_the_condition_names_the_fields() -> None:
    """Or says that there are none."""
    waiting = condition(("spec.git", "spec.shard"), generation=3)
    assert (waiting.type, waiting.status) == ("NotSupportedYet", "True")
    assert waiting.message == "kept, but not acted on yet: spec.git, spec.shard"
    assert waiting.observed_generation == 3
    assert condition(()).status == "False"
