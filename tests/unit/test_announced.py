"""Kargo's steps that no worker runs yet have their configs (reference §13.1)."""

from __future__ import annotations

from typing import Any

import pytest

from activities.announced import ANNOUNCED
from activities.steps import STEPS
from ferryman.domain.manifests.step_configs import config_problems

Config = dict[str, Any]
PR = {"repoURL": "https://g.example/r.git"}
SELECTOR = {"matchLabels": {"a": "b"}}
IMAGE = {"repoURL": "a/b"}


def source(**more: Any) -> Config:
    """Return an argocd-update with one source."""
    return {"apps": [{"name": "a", "sources": [{"repoURL": "r", **more}]}]}


GOOD: list[tuple[str, Config]] = [
    ("argocd-update", {"apps": [{"name": "a"}]}),
    ("argocd-update", {"apps": [{"selector": SELECTOR, "namespace": "n"}]}),
    ("argocd-update", source(desiredRevision="1", updateTargetRevision=True)),
    ("argocd-update", source(kustomize={"images": [{**IMAGE, "tag": "1"}]})),
    ("argocd-update", source(chart="c", helm={"images": [{"key": "k", "value": ""}]})),
    ("argocd-wait", {"apps": [{"name": "a", "waitFor": ["health", "sync"]}]}),
    ("git-open-pr", {**PR, "sourceBranch": "a", "targetBranch": "b", "labels": ["x"]}),
    ("git-wait-for-pr", {**PR, "prNumber": 1, "pollInterval": "1m30s"}),
    ("git-merge-pr", {**PR, "prNumber": "${{ outputs.pr.pr.id }}", "wait": True}),
    ("github-push", {"path": "p", "generateTargetBranch": True}),
    ("http", {"url": "u", "method": "POST", "body": "b", "timeout": "10s"}),
    ("http", {"url": "u", "outputs": [{"name": "a", "fromExpression": "response.body"}]}),
    ("http-download", {"url": "u", "outPath": "p", "queryParams": [{"name": "a", "value": "b"}]}),
    ("oci-download", {"imageRef": "oci://r.example:5000/a/b:1", "outPath": "p"}),
    ("oci-push", {"srcRef": "a/b@sha256:0", "destRef": "a/b:1", "annotations": {"index:a": "b"}}),
]
BAD: list[tuple[str, Config, str]] = [
    ("argocd-update", {"apps": []}, "at least one"),
    ("argocd-update", {"apps": [{"name": "a", "selector": SELECTOR}]}, "exactly one of name"),
    ("argocd-update", {"apps": [{"selector": {}}]}, "matchLabels or matchExpressions"),
    ("argocd-update", source(updateTargetRevision=True), "needs desiredRevision"),
    ("argocd-update", source(kustomize={"images": [{**IMAGE, "tag": "1", "digest": "d"}]}), "one"),
    ("argocd-wait", {"apps": [{"name": "a", "waitFor": ["luck"]}]}, "'health'"),
    ("git-open-pr", PR, "missing"),
    ("git-wait-for-pr", {**PR, "prNumber": 0}, "at least 1"),
    ("git-wait-for-pr", {**PR, "prNumber": 1, "provider": "sourcehut"}, "'gitea'"),
    ("git-merge-pr", {**PR, "prNumber": 1, "pollInterval": "soon"}, "soon"),
    ("github-push", {"path": "p", "targetBranch": "b", "generateTargetBranch": True}, "at most"),
    ("http", {"url": "u", "method": "FETCH"}, "'GET'"),
    ("http", {"url": "u", "body": "a", "bodyFromFile": "b"}, "at most one of body"),
    ("http-download", {"url": "u"}, "missing"),
    ("oci-push", {"srcRef": "a/b:1", "destRef": "a/b@sha256:0"}, "what matches"),
]


@pytest.mark.parametrize(("kind", "config"), GOOD)
def test_what_kargo_takes_is_taken(kind: str, config: Config) -> None:
    """Nothing is said of it."""
    assert list(config_problems(ANNOUNCED[kind].config, config)) == []


@pytest.mark.parametrize(("kind", "config", "says"), BAD)
def test_what_kargo_refuses_is_told(kind: str, config: Config, says: str) -> None:
    """With what to write instead."""
    problems = [text for _, text in config_problems(ANNOUNCED[kind].config, config)]
    assert says in "; ".join(problems)


def test_no_step_is_both_run_and_announced() -> None:
    """One that is built leaves the list."""
    assert not ANNOUNCED.keys() & STEPS.keys()


def test_every_field_says_what_it_means() -> None:
    """Docstrings become descriptions, in nested models too."""
    for announced in ANNOUNCED.values():
        schema = announced.schema()
        for model in (schema, *schema.get("$defs", {}).values()):
            assert all(field.get("description") for field in model["properties"].values())
