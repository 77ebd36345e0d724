"""What does not fit is named with its value and with what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ferryman.domain.manifests import Item


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("shards: a", "spec.shards (line 6): there is no such field; did you mean shard?"),
        (
            "promotionTemplate: {vars: []}",
            "vars belongs to spec.promotionTemplate.spec.vars or spec.promotionTemplate.spec.steps",
        ),
        (
            "verification: {analysisTemplates: [{name: a, args: []}]}",
            "args belongs to spec.verification.args",
        ),
        ("pipeline: x", "there are shard, vars, requestedFreight, promotionTemplate"),
        ("shard: 5", "spec.shard (line 6): is 5, which is no text; put it in quotes"),
        ("shard: [a]", 'spec.shard (line 6): is ["a"]; write text'),
        ("vars: {a: b}", "spec.vars (line 6): must be a list (lines that begin with `- `)"),
        ("verification: [a]", "spec.verification (line 6): must be a mapping"),
        ("vars: [{name: a-b, value: x}]", 'is "a-b"; write a letter or _, then letters'),
        ("vars: [{value: x}]", "spec.vars[0].name (line 6): is missing; write it"),
        ("requestedFreight: []", "spec.requestedFreight (line 5): is []; write at least one"),
        (
            "requestedFreight: [{origin: {kind: Freight, name: w}, sources: {}}]",
            "origin.kind (line 5): is \"Freight\"; write 'Warehouse'",
        ),
        (
            "requestedFreight: [{origin: {kind: Warehouse, name: w}, sources: {direct: maybe}}]",
            'sources.direct (line 5): is "maybe"; write true or false',
        ),
        (
            "requestedFreight: [{origin: {name: w}, sources: {requiredSoakTime: 2 days}}]",
            'requiredSoakTime (line 5): is "2 days"; write a duration such as 30m, 24h',
        ),
        (
            "promotionTemplate: {spec: {steps: [{uses: a, retry: {errorThreshold: -1}}]}}",
            "errorThreshold (line 6): is -1; write at least 0",
        ),
        (
            "promotionTemplate: {spec: {steps: [{gitRepoUpdate: {}}]}}",
            "spec.promotionTemplate.spec.steps[0].gitRepoUpdate (line 6): there is no such field",
        ),
    ],
)
def test_stages(stage: Callable[[str], Item], spec: str, said: str) -> None:
    """The sentence names the field, its line, its value and what to write."""
    item = stage(spec)
    assert item.resource is None
    assert [error for error in item.errors if said in error], item.errors
    assert all(error.startswith("Stage/it: ") for error in item.errors)


@pytest.mark.parametrize(
    ("subscription", "said"),
    [
        ("image: {repoURL: 'https://ghcr.io/a/b'}", "a repository without scheme and tag"),
        ("image: {repoURL: 'nginx:1.25'}", "a repository without scheme and tag"),
        ("image: {repoURL: a, discoveryLimit: 500}", "is 500; write at most 100"),
        ("image: {repoURL: a, discoveryLimit: 1.5}", "is 1.5; write a whole number"),
        ("image: {repoURL: a, platform: linux}", "such as linux/amd64"),
        ("image: {repoURL: a, imageSelectionStrategy: Best}", "'SemVer', 'Lexical', 'NewestBuild'"),
        ("image: {repoURL: a, constraint: '>>1'}", "image (line 6): constraint: '>>1' is not a"),
        ("image: {repoURL: a, allowTagsRegexes: ['(']}", "allowTagsRegexes[0]: '(' is not a"),
        ("image: {repoURL: a, imageSelectionStrategy: Digest}", "follows one tag; name it here"),
        ("git: {repoURL: not a url}", "write https://host/path"),
        ("git: {repoURL: 'https://a/b', since: yesterday}", "a time such as 2026-01-31T12:00:00Z"),
        ("git: {repoURL: 'https://a/b', brunch: main}", "did you mean branch?"),
        ("chart: {repoURL: 'https://a/b'}", "chart.name (line 6): is missing beside https://"),
        ("chart: {repoURL: 'oci://a/b', name: c}", "chart.name (line 6): leave it out"),
        ("name: a", "give exactly one of image, git and chart here, not none"),
        ("{image: {repoURL: a}, git: {repoURL: 'https://a/b'}}", "not image, git"),
        ("quux: {config: {}}", "a subscription of type quux needs one"),
    ],
)
def test_subscriptions(warehouse: Callable[[str], Item], subscription: str, said: str) -> None:
    """Each mistake in a subscription is told by its own sentence."""
    item = warehouse(f"- {subscription}\n")
    assert item.resource is None
    assert [error for error in item.errors if said in error], item.errors


def test_everything_is_said_at_once(stage: Callable[[str], Item]) -> None:
    """One apply shows all that must be mended."""
    errors = stage("a: 1\nb: 2\nvars: [{}]\n").errors
    assert len(errors) == 3


def test_null_is_not_given(stage: Callable[[str], Item]) -> None:
    """A field without a value is absent, as in Kubernetes; an unknown one is still unknown."""
    assert stage("verification:\nvars:\npromotionTemplate:\n").resource
    assert "spec.pipeline (line 6)" in stage("pipeline:\n").errors[0]


def test_null_in_a_config_is_a_value(stage: Callable[[str], Item]) -> None:
    """What a step writes into a file may be null."""
    item = stage("promotionTemplate: {spec: {steps: [{uses: git-clone, config: {a: null}}]}}")
    assert item.resource
    steps = item.resource.dump()["spec"]["promotionTemplate"]["spec"]["steps"]
    assert steps[0]["config"] == {"a": None}


def test_long_values_are_cut(stage: Callable[[str], Item]) -> None:
    """A sentence stays one."""
    (error,) = stage(f"shard: [{'x' * 500}]\n").errors
    assert len(error) < 160


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{as: a}", "give exactly one of uses and task"),
        ("{uses: a, task: {name: b}}", "give exactly one of uses and task"),
        ("{task: {name: b}, config: {a: 1}}", "steps[0].config (line 6): is not read beside task"),
        ("{task: {name: b}, if: 'x'}", "steps[0].if (line 6): is not read beside task"),
    ],
)
def test_a_step_is_a_kind_or_a_task(stage: Callable[[str], Item], step: str, said: str) -> None:
    """Kargo's rule across fields."""
    assert said in stage(f"promotionTemplate: {{spec: {{steps: [{step}]}}}}").errors[0]


def test_match_upstream_needs_one_upstream(stage: Callable[[str], Item]) -> None:
    """Otherwise there is nothing to match."""
    request = "{origin: {kind: Warehouse, name: w}, sources: {direct: true, autoPromotionOptions: "
    item = stage(f"requestedFreight: [{request} {{selectionPolicy: MatchUpstream}}}}}}]")
    assert "MatchUpstream needs exactly one entry in stages" in item.errors[0]


def test_a_stage_that_nothing_can_enter_is_told(stage: Callable[[str], Item]) -> None:
    """It is allowed, but nobody means it."""
    item = stage("requestedFreight: [{origin: {kind: Warehouse, name: w}, sources: {}}]")
    assert item.resource
    assert "no Freight can enter; write direct: true, or stages" in item.warnings[0]
