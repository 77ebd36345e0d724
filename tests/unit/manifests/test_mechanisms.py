"""`promotionMechanisms` become steps that do what Kargo 0.8 did: its git updates."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ferryman.domain.manifests import Item
from ferryman.domain.stage import Stage

ReadStage = Callable[[str], Item]
Raw = dict[str, Any]

REPOSITORY = "https://example.com/ops.git"


def git(write: str = "main", **fields: Any) -> Raw:
    """Return a git update, of one image unless it says of what."""
    changes = {} if {"helm", "kustomize"} & fields.keys() else {"helm": {"images": [image("app")]}}
    return {"repoURL": REPOSITORY, "writeBranch": write, **changes, **fields}


def image(name: str, file: str = "app/values.yaml", value: str = "Tag", **fields: Any) -> Raw:
    """Return a Helm image."""
    return {"image": name, "valuesFilePath": file, "key": f"{name}.tag", "value": value, **fields}


def translated(stage: ReadStage, *updates: Raw, **mechanisms: Any) -> dict[str, Raw]:
    """Return the steps by alias, each with what was written."""
    written = json.dumps({"gitRepoUpdates": updates, **mechanisms})
    item = stage(f"promotionMechanisms: {written}")
    assert isinstance(item.resource, Stage), item.errors
    return {step.as_: step.dump() for step in item.resource.spec.steps}


def test_helm_images_are_values_to_update(stage: ReadStage) -> None:
    """One checkout, one edit, one commit that says what changed, one push."""
    steps = translated(stage, git(helm={"images": [image("ghcr.io/org/app")]}))
    assert {alias: (step["uses"], step["config"]) for alias, step in steps.items()} == {
        "clone": (
            "git-clone",
            {"repoURL": REPOSITORY, "checkout": [{"branch": "main", "path": "./repo"}]},
        ),
        "update-values": (
            "yaml-update",
            {
                "path": "./repo/app/values.yaml",
                "updates": [
                    {
                        "key": "ghcr.io/org/app.tag",
                        "value": '${{ quote(imageFrom("ghcr.io/org/app").Tag) }}',
                    }
                ],
            },
        ),
        "commit": (
            "git-commit",
            {
                "path": "./repo",
                "message": (
                    'Promote app ${{ imageFrom("ghcr.io/org/app").Tag }} to ${{ ctx.stage }}'
                ),
            },
        ),
        "push": ("git-push", {"path": "./repo"}),
    }


def test_the_translation_is_shown(stage: ReadStage) -> None:
    """An annotation says where the steps come from, and a warning what to write."""
    item = stage(f"promotionMechanisms: {json.dumps({'gitRepoUpdates': [git()]})}")
    assert item.resource
    assert item.resource.metadata.annotations == {
        "ferryman.dev/translated-from": "promotionMechanisms"
    }
    assert "with git-clone, yaml-update, git-commit, git-push; write that" in item.warnings[0]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Tag", '${{ quote(imageFrom("a").Tag) }}'),
        ("Digest", '${{ quote(imageFrom("a").Digest) }}'),
        ("ImageAndTag", '${{ imageFrom("a").RepoURL }}:${{ imageFrom("a").Tag }}'),
        ("ImageAndDigest", '${{ imageFrom("a").RepoURL }}@${{ imageFrom("a").Digest }}'),
    ],
)
def test_each_form_of_value(stage: ReadStage, value: str, written: str) -> None:
    """What stood in the file then stands there now."""
    steps = translated(stage, git(helm={"images": [image("a", value=value)]}))
    assert steps["update-values"]["config"]["updates"] == [{"key": "a.tag", "value": written}]


def test_edits_of_one_file_are_one_step(stage: ReadStage) -> None:
    """Each further file is a step of its own, with its own alias."""
    images = [image("a", "x.yaml"), image("b", "./y.yaml"), image("c", "x.yaml")]
    steps = translated(stage, git(helm={"images": images}))
    assert {
        alias: (step["config"]["path"], [update["key"] for update in step["config"]["updates"]])
        for alias, step in steps.items()
        if step["uses"] == "yaml-update"
    } == {
        "update-values": ("./repo/x.yaml", ["a.tag", "c.tag"]),
        "update-values-2": ("./repo/y.yaml", ["b.tag"]),
    }


def test_dependencies_follow_the_chart_of_the_freight(stage: ReadStage) -> None:
    """An OCI chart is found by its repository alone."""
    charts = [
        {"repository": "https://charts.example.com", "name": "app", "chartPath": "charts/app"},
        {"repository": "oci://example.com/charts", "name": "db", "chartPath": "charts/app"},
    ]
    steps = translated(stage, git(helm={"charts": charts}))
    config = steps["update-chart"]["config"]
    assert config["path"] == "./repo/charts/app"
    assert [chart["version"] for chart in config["charts"]] == [
        '${{ quote(chartFrom("https://charts.example.com", "app").Version) }}',
        '${{ quote(chartFrom("oci://example.com/charts/db").Version) }}',
    ]


def test_kustomizations_get_tag_or_digest(stage: ReadStage) -> None:
    """A step for each kustomization; a second repository has folders and aliases of its own."""
    images = [{"image": "a", "path": "envs/dev"}, {"image": "b", "path": ".", "useDigest": True}]
    steps = translated(stage, git(), git(kustomize={"images": images}))
    assert steps["set-image"]["config"] == {
        "path": "./repo-2/envs/dev",
        "images": [{"image": "a", "tag": '${{ quote(imageFrom("a").Tag) }}'}],
    }
    assert steps["set-image-2"]["config"]["images"] == [
        {"image": "b", "digest": '${{ quote(imageFrom("b").Digest) }}'}
    ]
    assert list(steps)[-5:] == ["clone-2", "set-image", "set-image-2", "commit-2", "push-2"]


@pytest.mark.parametrize(
    ("read", "write", "checkout"),
    [
        ("main", "main", [{"branch": "main", "path": "./repo"}]),
        ("", "master", [{"branch": "master", "path": "./repo"}]),
        (
            "main",
            "env/dev",
            [
                {"branch": "main", "path": "./src"},
                {"branch": "env/dev", "create": True, "path": "./out"},
            ],
        ),
        (
            "",
            "env/dev",
            [{"path": "./src"}, {"branch": "env/dev", "create": True, "path": "./out"}],
        ),
    ],
)
def test_what_is_read_and_where_it_is_written(
    stage: ReadStage, read: str, write: str, checkout: list[Raw]
) -> None:
    """Without readBranch, main and master are taken for the default branch."""
    steps = translated(stage, git(write, readBranch=read))
    assert steps["clone"]["config"]["checkout"] == checkout
    assert ("copy" in steps) == (len(checkout) > 1)


def test_another_branch_gets_what_was_read(stage: ReadStage) -> None:
    """The files are changed where they were read, and replace all that the write branch had."""
    _, *steps = translated(stage, git("env/dev", readBranch="main")).values()
    assert [(step["uses"], *step["config"].values())[:3] for step in steps] == [
        ("yaml-update", "./src/app/values.yaml", steps[0]["config"]["updates"]),
        ("git-clear", "./out"),
        ("copy", "./src", "./out"),
        ("git-commit", "./out", steps[3]["config"]["message"]),
        ("git-push", "./out"),
    ]


def test_a_pull_request_is_opened_and_waited_for(stage: ReadStage) -> None:
    """Where nothing changed there is none, and nothing is waited for."""
    steps = translated(stage, git(insecureSkipTLSVerify=True, pullRequest={"github": {}}))
    repository = {"repoURL": REPOSITORY, "provider": "github", "insecureSkipTLSVerify": True}
    assert steps["push"]["config"] == {"path": "./repo", "generateTargetBranch": True}
    assert steps["open-pr"]["config"] == repository | {
        "sourceBranch": "${{ outputs.push.branch }}",
        "targetBranch": "main",
    }
    assert steps["wait-for-pr"]["config"] == repository | {
        "prNumber": '${{ outputs["open-pr"].pr.id }}'
    }
    assert steps["wait-for-pr"]["if"] == '${{ status("open-pr") == "Succeeded" }}'


def test_the_innermost_origin_holds(stage: ReadStage) -> None:
    """`origin` is inherited downwards, and said again where it differs."""
    images = [image("a"), image("b", origin={"kind": "Warehouse", "name": "own"})]
    helm = {"origin": {"kind": "Warehouse", "name": "inner"}, "images": images}
    kustomize = {"images": [{"image": "c", "path": "k"}]}
    outer = {"kind": "Warehouse", "name": "outer"}
    steps = translated(stage, git(helm=helm, kustomize=kustomize), origin=outer)
    values = [update["value"] for update in steps["update-values"]["config"]["updates"]]
    assert values == [
        '${{ quote(imageFrom("a", warehouse("inner")).Tag) }}',
        '${{ quote(imageFrom("b", warehouse("own")).Tag) }}',
    ]
    (set_image,) = steps["set-image"]["config"]["images"]
    assert set_image["tag"] == '${{ quote(imageFrom("c", warehouse("outer")).Tag) }}'


def test_many_changes_are_called_by_their_freight(stage: ReadStage) -> None:
    """A commit message stays one readable line."""
    images = [image(f"a{number}") for number in range(4)]
    steps = translated(stage, git(helm={"images": images}))
    message = steps["commit"]["config"]["message"]
    assert message == "Promote ${{ ctx.targetFreight.alias }} to ${{ ctx.stage }}"
