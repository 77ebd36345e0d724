"""Functions that look into the Freight of a Promotion's collection."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import evaluate, kargo, render
from ferryman.domain.expressions.kargo import Subscription, World

GIT, IMAGE, SHARED = "https://github.com/acme/deploy.git", "ghcr.io/acme/shop", "ghcr.io/acme/base"
OCI, HTTP = "oci://ghcr.io/acme/charts/shop", "https://charts.acme.io"
WORLD = World(
    freight=[
        {
            "origin": {"kind": "Warehouse", "name": "main"},
            "commits": [{"repoURL": GIT, "id": "9f8e", "branch": "main", "message": "feat: cart"}],
            "images": [
                {
                    "repoURL": IMAGE,
                    "tag": "v1.4.2",
                    "digest": "sha256:1",
                    "annotations": {"a": "b"},
                },
                {"repoURL": SHARED, "tag": "main-tag"},
            ],
            "charts": [
                {"repoURL": OCI, "version": "0.7.1"},
                {"repoURL": HTTP, "name": "shop", "version": "2.0.0"},
            ],
            "artifacts": [
                {
                    "artifactType": "pkg",
                    "subscriptionName": "pkg",
                    "version": "3",
                    "metadata": {"n": 1},
                }
            ],
        },
        {
            "origin": {"kind": "Warehouse", "name": "tools"},
            "images": [{"repoURL": SHARED, "tag": "tools-tag"}],
        },
    ],
    requested=["main", "tools"],
    subscriptions={
        "main": [
            *(
                Subscription("git", GIT),
                Subscription("image", IMAGE),
                Subscription("image", SHARED),
            ),
            *(Subscription("chart", OCI), Subscription("chart", HTTP, "shop")),
            Subscription("pkg", name="pkg"),
        ],
        "tools": [Subscription("image", SHARED), Subscription("image", "ghcr.io/acme/pending")],
        "other": [Subscription("image", "ghcr.io/acme/elsewhere")],
    },
)
ENVIRONMENT = kargo.environment({"vars": {"repo": IMAGE}}, WORLD)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("imageFrom(vars.repo).Tag", "v1.4.2"),
        ("imageFrom('ghcr.io/acme/shop:latest').Digest", "sha256:1"),
        ("imageFrom(vars.repo).Annotations['a']", "b"),
        ("imageFrom(vars.repo).Annotations.nope", ""),
        ("imageFrom('ghcr.io/acme/base', warehouse('tools')).Tag", "tools-tag"),
        ("imageFrom('ghcr.io/acme/base', warehouse('main')).Tag", "main-tag"),
        ("imageFrom('ghcr.io/acme/base', warehouse('nope'))", None),
        ("imageFrom('ghcr.io/acme/pending')", None),
        ("imageFrom('ghcr.io/acme/elsewhere')", None),
        ("imageFrom('ghcr.io/acme/nowhere')?.Tag ?? 'none'", "none"),
        ("commitFrom('https://github.com/Acme/Deploy').ID", "9f8e"),
        ("commitFrom('https://github.com/acme/deploy.git').Tag", ""),
        ("commitFrom('https://github.com/acme/deploy').Message[:4]", "feat"),
        ("chartFrom('oci://ghcr.io/acme/charts/shop').Version", "0.7.1"),
        ("chartFrom('https://charts.acme.io', 'shop').Version", "2.0.0"),
        ("chartFrom('https://charts.acme.io', 'shop', warehouse('main')).Name", "shop"),
        ("chartFrom('oci://ghcr.io/acme/charts/shop', warehouse('main')).Version", "0.7.1"),
        ("chartFrom('https://charts.acme.io', 'nope', warehouse('main'))", None),
        ("artifactFrom('pkg').Version", "3"),
        (
            "artifactFrom('pkg').version + artifactFrom('pkg', warehouse('main')).ArtifactType",
            "3pkg",
        ),
        ("artifactFrom('pkg').Metadata.n + 1", 2),
        ("artifactFrom('nope')", None),
        ("warehouse('main').Name + warehouse('main').Kind", "mainWarehouse"),
        ("warehouse('main')", {"kind": "Warehouse", "name": "main"}),
        ("type(warehouse('main'))", "github.com/akuity/kargo/api/v1alpha1.FreightOrigin"),
        (
            "commitFrom('https://github.com/acme/deploy')",
            {"repoURL": GIT, "id": "9f8e", "branch": "main", "message": "feat: cart"},
        ),
        ("'Tag' in imageFrom(vars.repo)", True),
        ("string(warehouse('main'))", "{Warehouse main}"),
    ],
)
def test_values(source: str, value: Any) -> None:
    """URLs are compared in their normal forms; what is not there is nil, an empty field empty."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "imageFrom('ghcr.io/acme/base')",
            "main and tools could each provide this; say which one, as in warehouse('main')",
        ),
        ("imageFrom(vars.repo).tag", "there is no field of image 'tag'; did you mean 'Tag'?"),
        ("imageFrom('ghcr.io/acme/nowhere').Tag", "nil has no fields or items; write '?.' before"),
        ("imageFrom(1)", "imageFrom(string, origin?) wants string, not int"),
        ("imageFrom()", "has too few arguments"),
        ("imageFrom(vars.repo, 'main')", "wants origin, not string"),
        (
            "chartFrom('https://charts.acme.io')",
            "no Warehouse whose Freight is requested subscribes",
        ),
        ("chartFrom('https://charts.acme.io', 'nope')", "no Warehouse whose Freight is requested"),
        (
            "chartFrom('x', warehouse('main'), warehouse('main'))",
            "wants the chart's name before the origin",
        ),
        ("warehouse('')", "the name must not be empty"),
    ],
)
def test_refusals(source: str, said: str) -> None:
    """What is ambiguous, or asked for in the wrong way, is an error that says how to mend it."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


def test_a_requested_warehouse_has_to_exist() -> None:
    """Without it nobody can say what is ambiguous."""
    world = World(requested=["gone"], subscriptions={})
    with pytest.raises(ExpressionError, match="the Warehouse 'gone', which the Stage requests"):
        evaluate("imageFrom('a/b')", kargo.environment({}, world))


def test_in_a_template() -> None:
    """Together with text, in one string."""
    template = "${{ vars.repo }}:${{ imageFrom(vars.repo).Tag }}"
    assert render(template, ENVIRONMENT) == "ghcr.io/acme/shop:v1.4.2"


DISCOVERED = {
    "git": [
        {
            "repoURL": GIT,
            "commits": [
                {"id": "2", "tag": "v2", "creatorDate": "2026-01-02T03:04:05Z"},
                {"id": "1"},
            ],
        }
    ],
    "images": [
        {
            "repoURL": IMAGE,
            "references": [{"tag": "v2", "digest": "d", "createdAt": "2026-01-01T00:00:00Z"}],
        },
        {"repoURL": SHARED, "references": []},
    ],
    "charts": [{"repoURL": HTTP, "name": "shop", "versions": ["2.1.0", "2.0.0"]}],
    "results": [
        {
            "subscriptionName": "pkg",
            "artifactReferences": [{"version": "4", "subscriptionName": "pkg"}],
        }
    ],
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (
            "imageFrom('ghcr.io/acme/shop').Tag == commitFrom('https://github.com/acme/deploy').Tag",
            True,
        ),
        ("commitFrom('https://github.com/acme/deploy').CreatorDate.Year()", 2026),
        ("imageFrom('ghcr.io/acme/shop').CreatedAt < date('2026-01-02')", True),
        ("imageFrom('ghcr.io/acme/base')", None),
        ("chartFrom('https://charts.acme.io').Version", "2.1.0"),
        ("chartFrom('https://charts.acme.io', 'other')", None),
        ("artifactFrom('pkg').Version", "4"),
        ("semverDiff(imageFrom('ghcr.io/acme/shop').Tag, '2.1.0')", "Minor"),
    ],
)
def test_freight_creation_criteria(source: str, value: Any) -> None:
    """Before Freight is made, the same functions give the best of what was discovered."""
    environment = kargo.criteria_environment(DISCOVERED)
    assert evaluate(source, environment) == value
