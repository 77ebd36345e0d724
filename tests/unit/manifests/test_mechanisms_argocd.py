"""`promotionMechanisms` become steps: updates of Argo CD's Applications."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ferryman.domain.manifests import Item
from ferryman.domain.stage import Stage

ReadStage = Callable[[str], Item]

GIT = {
    "repoURL": "https://example.com/ops.git",
    "writeBranch": "main",
    "kustomize": {"images": [{"image": "a", "path": "."}]},
}


def apps(stage: ReadStage, updates: list[Any], git: Any = GIT) -> list[Any]:
    """Return the apps of the last step, which is the one for Argo CD."""
    written = json.dumps({"argoCDAppUpdates": updates, "gitRepoUpdates": [git]})
    item = stage(f"promotionMechanisms: {written}")
    assert isinstance(item.resource, Stage), item.errors
    last = item.resource.spec.steps[-1]
    assert (last.uses, last.as_) == ("argocd-update", "sync")
    assert last.config.keys() == {"apps"}
    return list(last.config["apps"])


def test_an_app_without_sources_is_synced(stage: ReadStage) -> None:
    """Its namespace is written only where it was."""
    updates = [{"appName": "a"}, {"appName": "b", "appNamespace": "gitops"}]
    assert apps(stage, updates) == [{"name": "a"}, {"name": "b", "namespace": "gitops"}]


def test_a_source_that_was_written_is_synced_to_that_commit(stage: ReadStage) -> None:
    """However its URL is spelled."""
    updates = [{"appName": "a", "sourceUpdates": [{"repoURL": "https://example.com/ops"}]}]
    (app,) = apps(stage, updates)
    revision = "${{ quote(outputs.push.commit) }}"
    assert app["sources"] == [{"repoURL": "https://example.com/ops", "desiredRevision": revision}]


def test_after_a_pull_request_it_is_the_merge(stage: ReadStage) -> None:
    """Or, where nothing had to be merged, what the branch has."""
    updates = [{"appName": "a", "sourceUpdates": [{"repoURL": GIT["repoURL"]}]}]
    (app,) = apps(stage, updates, GIT | {"pullRequest": {}})
    (source,) = app["sources"]
    assert source["desiredRevision"] == (
        '${{ quote(outputs["wait-for-pr"]?.commit ?? outputs.push.commit) }}'
    )


def test_the_target_revision_follows_the_freight(stage: ReadStage) -> None:
    """Of git the commit, of charts the version; Argo CD leaves `oci://` out."""
    follow = {"updateTargetRevision": True}
    sources = [
        {"repoURL": "https://e.com/other", **follow},
        {"repoURL": "https://c.example.com", "chart": "db", **follow},
        {"repoURL": "example.com/charts", "chart": "db", **follow},
    ]
    (app,) = apps(stage, [{"appName": "a", "sourceUpdates": sources}])
    revisions = [
        '${{ quote(commitFrom("https://e.com/other").ID) }}',
        '${{ quote(chartFrom("https://c.example.com", "db").Version) }}',
        '${{ quote(chartFrom("oci://example.com/charts/db").Version) }}',
    ]
    assert app["sources"] == [
        source | {"desiredRevision": revision}
        for source, revision in zip(sources, revisions, strict=True)
    ]


def test_images_of_sources(stage: ReadStage) -> None:
    """Kustomize overrides and Helm parameters, with their origin."""
    source = {
        "repoURL": "https://e.com/other",
        "origin": {"kind": "Warehouse", "name": "w"},
        "kustomize": {"images": [{"image": "a"}, {"image": "b", "useDigest": True}]},
        "helm": {"images": [{"image": "c", "key": "tag", "value": "Tag"}]},
    }
    (app,) = apps(stage, [{"appName": "a", "sourceUpdates": [source]}])
    assert app["sources"] == [
        {
            "repoURL": "https://e.com/other",
            "kustomize": {
                "images": [
                    {"repoURL": "a", "tag": '${{ quote(imageFrom("a", warehouse("w")).Tag) }}'},
                    {
                        "repoURL": "b",
                        "digest": '${{ quote(imageFrom("b", warehouse("w")).Digest) }}',
                    },
                ]
            },
            "helm": {
                "images": [
                    {"key": "tag", "value": '${{ quote(imageFrom("c", warehouse("w")).Tag) }}'}
                ]
            },
        }
    ]
