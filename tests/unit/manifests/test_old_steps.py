"""Fields of steps that pointed at other steps or origins by name become expressions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ferryman.domain.manifests import Item, load
from ferryman.domain.stage import Stage

Raw = dict[str, Any]


def modernised(stage: Callable[[str], Item], uses: str, config: Raw) -> tuple[Stage, Item]:
    """Return a Stage with that one step, and what was said."""
    steps = json.dumps([{"uses": uses, "as": "it", "config": config}])
    given = "vars: [{name: r}, {name: tag}]"
    item = stage(f"promotionTemplate: {{spec: {{{given}, steps: {steps}}}}}")
    assert isinstance(item.resource, Stage), item.errors
    return item.resource, item


@pytest.mark.parametrize(
    ("uses", "old", "new"),
    [
        (
            "git-clone",
            {"repoURL": "r", "checkout": [{"fromFreight": True, "fromOrigin": {"name": "w"}}]},
            {
                "repoURL": "r",
                "checkout": [{"commit": '${{ quote(commitFrom("r", warehouse("w")).ID) }}'}],
            },
        ),
        (
            "git-clone",
            {"repoURL": "${{ vars.r }}", "checkout": [{"fromFreight": True}]},
            {
                "repoURL": "${{ vars.r }}",
                "checkout": [{"commit": "${{ quote(commitFrom(vars.r).ID) }}"}],
            },
        ),
        (
            "git-commit",
            {"messageFromSteps": ["render", "update-image"]},
            {
                "message": (
                    "${{ outputs.render.commitMessage }}\n"
                    '${{ outputs["update-image"].commitMessage }}'
                )
            },
        ),
        (
            "git-open-pr",
            {"sourceBranchFromStep": "push"},
            {"sourceBranch": "${{ outputs.push.branch }}"},
        ),
        (
            "git-wait-for-pr",
            {"prNumberFromStep": "open-pr"},
            {"prNumber": '${{ outputs["open-pr"].pr.id }}'},
        ),
        (
            "argocd-update",
            {"apps": [{"sources": [{"desiredCommitFromStep": "c"}]}]},
            {"apps": [{"sources": [{"desiredRevision": "${{ quote(outputs.c.commit) }}"}]}]},
        ),
        (
            "kustomize-set-image",
            {
                "images": [
                    {"image": "a"},
                    {"image": "b", "useDigest": True},
                    {"image": "c", "tag": "1"},
                ]
            },
            {
                "images": [
                    {"image": "a", "tag": '${{ quote(imageFrom("a").Tag) }}'},
                    {"image": "b", "digest": '${{ quote(imageFrom("b").Digest) }}'},
                    {"image": "c", "tag": "1"},
                ]
            },
        ),
        (
            "helm-update-chart",
            {"charts": [{"repository": "https://c", "name": "d"}]},
            {
                "charts": [
                    {
                        "repository": "https://c",
                        "name": "d",
                        "version": '${{ quote(chartFrom("https://c", "d").Version) }}',
                    }
                ]
            },
        ),
        ("git-push", {"path": "./out", "credentials": {"name": "x"}}, {"path": "./out"}),
    ],
)
def test_they_say_the_same(stage: Callable[[str], Item], uses: str, old: Raw, new: Raw) -> None:
    """And the warning names the field and what to write."""
    read, item = modernised(stage, uses, old)
    assert read.spec.steps[0].config == new
    assert item.warnings
    assert all("spec.promotionTemplate.spec.steps[0].config" in text for text in item.warnings)


def test_helm_update_image_is_a_yaml_update(stage: Callable[[str], Item]) -> None:
    """The step is gone since Kargo 1.3."""
    images = [{"image": "a", "key": "k", "value": "ImageAndTag"}]
    read, _ = modernised(stage, "helm-update-image", {"path": "v.yaml", "images": images})
    (step,) = read.spec.steps
    assert (step.uses, step.as_) == ("yaml-update", "it")
    value = '${{ imageFrom("a").RepoURL }}:${{ imageFrom("a").Tag }}'
    assert step.config == {"path": "v.yaml", "updates": [{"key": "k", "value": value}]}


def test_tasks_have_steps_too() -> None:
    """They are kept as they are, but for the old fields."""
    loaded = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: t, namespace: shop}
spec: {steps: [{uses: git-wait-for-pr, config: {prNumberFromStep: pr}}]}
""")
    steps = loaded.resources[0].dump()["spec"]["steps"]
    assert steps[0]["config"] == {"prNumber": "${{ outputs.pr.pr.id }}"}
    assert loaded.warnings


@pytest.mark.parametrize(
    ("uses", "config"),
    [
        ("git-clone", {"repoURL": "r", "checkout": [{"branch": "main", "path": "./src"}]}),
        ("argocd-update", {"apps": [{"name": "a", "sources": [{"repoURL": "r"}]}]}),
        ("kustomize-set-image", {"images": [{"image": "a", "tag": "${{ vars.tag }}"}]}),
        ("git-commit", {"message": "m"}),
        (
            "argocd-update",
            {
                "apps": [
                    {"sources": [{"kustomize": {"images": [{"repoURL": "a", "newName": "b"}]}}]}
                ]
            },
        ),
    ],
)
def test_steps_of_today_are_untouched(stage: Callable[[str], Item], uses: str, config: Raw) -> None:
    """There is nothing to say of them."""
    read, item = modernised(stage, uses, config)
    assert read.spec.steps[0].config == config
    assert not item.warnings
