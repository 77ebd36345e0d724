"""What is wrong between objects, and between the entries of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ferryman.domain.manifests import Item, load, validate_together

PROJECT = "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: shop}\n"


def errors(text: str) -> tuple[str, ...]:
    """Return what is wrong once everything is read."""
    loaded = load(text, source="x.yaml")
    assert not loaded.errors
    return validate_together(loaded.items)


def test_an_object_is_declared_once() -> None:
    """Both places are named; the same name in another Project is another object."""
    assert errors(f"{PROJECT}---\n{PROJECT}") == (
        "Project/shop: is declared at x.yaml:1 and again at x.yaml:5; leave one out",
    )
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: %s}\n"
    assert errors(f"{config % 'a'}---\n{config % 'b'}") == ()


def test_what_the_server_names_may_come_twice() -> None:
    """Two Promotions without a name are two Promotions."""
    promotion = (
        "apiVersion: kargo.akuity.io/v1alpha1\nkind: Promotion\n"
        "metadata: {namespace: shop}\nspec: {stage: dev, freight: abc}\n"
    )
    assert errors(f"{promotion}---\n{promotion}") == ()


def test_a_project_config_is_called_like_its_project() -> None:
    """Kargo reads no other."""
    text = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: config, namespace: shop}
"""
    assert "write shop" in errors(text)[0]


def test_two_policies_for_one_stage() -> None:
    """Only the first would ever hold."""
    text = f"{PROJECT}spec: {{promotionPolicies: [{{stage: a}}, {{stage: b}}, {{stage: a}}]}}\n"
    assert errors(text) == (
        "Project/shop: spec.promotionPolicies[2].stage: is a, as at index 0; write each once",
    )


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            "requestedFreight: [&r {origin: {name: w}, sources: {direct: true}}, *r]",
            "spec.requestedFreight[1].origin: is Warehouse/w, as at index 0",
        ),
        (
            "promotionTemplate: {spec: {steps: [{uses: a, as: x}, {uses: b}, {uses: c, as: x}]}}",
            "spec.promotionTemplate.spec.steps[2].as: is x, as at index 0",
        ),
        (
            "promotionTemplate: {spec: {steps: [{uses: a, as: step-1}]}}",
            "steps[0].as: is step-1, which is what the engine calls steps without an alias",
        ),
        (
            "promotionTemplate: {spec: {steps: [{uses: a, as: task-12}]}}",
            "steps[0].as: is task-12",
        ),
        (
            "requestedFreight: [{origin: {kind: Warehouse, name: W}, sources: {stages: [a_b]}}]",
            "spec.requestedFreight[0].sources.stages[0]: 'a_b' cannot name a Stage",
        ),
        (
            "requestedFreight: [{origin: {kind: Warehouse, name: W}, sources: {stages: [a_b]}}]",
            "spec.requestedFreight[0].origin.name: 'W' cannot name a Warehouse",
        ),
    ],
)
def test_stages(stage: Callable[[str], Item], spec: str, said: str) -> None:
    """Origins and aliases are unique, and names are names."""
    found = validate_together([stage(spec)])
    assert [error for error in found if said in error], found


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("image: {repoURL: nginx}", "image: {repoURL: docker.io/library/nginx}", "image nginx"),
        ("git: {repoURL: 'https://E.com/r'}", "git: {repoURL: 'https://e.com/r.git'}", "git https"),
        (
            "chart: {repoURL: 'https://c/', name: d}",
            "chart: {repoURL: 'https://c', name: d}",
            "chart https://c/d",
        ),
        ("{name: a, image: {repoURL: b}}", "{name: a, image: {repoURL: c}}", "[1].name: is a"),
        ("{name: A, image: {repoURL: b}}", "image: {repoURL: c}", "[0].name: is 'A'; write at"),
    ],
)
def test_subscriptions(
    warehouse: Callable[[str], Item], first: str, second: str, said: str
) -> None:
    """A repository is watched once, however it is spelled, and names are unique."""
    item = warehouse(f"- {first}\n- {second}\n")
    assert item.resource, item.errors
    found = validate_together([item])
    assert len(found) == 1
    assert said in found[0]


def test_charts_of_one_repository_are_two(warehouse: Callable[[str], Item]) -> None:
    """An HTTP repository holds many charts."""
    item = warehouse(
        "- chart: {repoURL: 'https://c', name: d}\n- chart: {repoURL: 'https://c', name: e}\n"
    )
    assert validate_together([item]) == ()


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("{name: Shop}", "metadata.name: 'Shop' cannot name a ConfigMap"),
        ("{name: a, namespace: my.shop}", "metadata.namespace: 'my.shop' cannot name a Project"),
    ],
)
def test_names(metadata: str, said: str) -> None:
    """RFC 1123, as for Kubernetes."""
    (error,) = errors(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n")
    assert said in error
