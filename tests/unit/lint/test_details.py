"""Where rules have to look closer."""

from __future__ import annotations

import pytest

from tests.unit.lint.conftest import Linter, document, stage, task, together

SET_TAG = (
    "- {uses: kustomize-set-image, config: {path: ./src, images: [{image: a/b, newName: %s}]}}"
)
PUSH_PR = """\
- {uses: git-push, as: push, config: {path: p}}
- {uses: git-open-pr, as: pr, config: {repoURL: r, sourceBranch: a, targetBranch: %s}}
"""


def test_the_type_of_an_expression_is_not_judged(found: Linter) -> None:
    """A number may come of it; what is missing or unknown is said all the same."""
    steps = (
        "- {uses: git-merge-pr, config: {prNumber: '${{ vars.n }}', repoURL: 'x:r', wiat: true}}"
    )
    findings = found(stage(steps, more="vars: [{name: n, value: '7'}]\n"), rule="step-config")
    assert [finding.text for finding in findings] == ["there is no such field; did you mean wait?"]


@pytest.mark.parametrize(
    ("uses", "says"),
    [
        ("yaml-updat", "there is no step 'yaml-updat'; did you mean yaml-update?"),
        ("jira", "there is no step 'jira'; it is one of Kargo's enterprise edition"),
        ("teams-notify", "there is no step 'teams-notify'"),
    ],
)
def test_an_unknown_step_is_explained(found: Linter, uses: str, says: str) -> None:
    """A misspelt one, one of Kargo's that is not open, one of the user's own."""
    (finding,) = found(stage(f"- {{uses: {uses}}}"), rule="unknown-step")
    assert finding.text == says


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ("{repoURL: 'x:r', prNumber: seven}", "config.prNumber"),
        ("{repoURL: 'x:r', prNumber: 0}", "config.prNumber"),
        ("{repoURL: 'x:r'}", "config.prNumber"),
        ("{repoURL: 'x:r', prNumber: 7, pollInterval: soon}", "config.pollInterval"),
    ],
)
def test_literals_are_judged(found: Linter, config: str, field: str) -> None:
    """By the model of the step's config."""
    (finding,) = found(stage(f"- {{uses: git-wait-for-pr, config: {config}}}"), rule="step-config")
    assert finding.field.endswith(field)


@pytest.mark.parametrize(
    ("value", "target", "count"),
    [
        ("'42'", "${{ vars.b }}", 1),
        ("'1.10'", "${{ vars.b }}", 1),
        ("main", "${{ vars.b }}", 0),
        ("'42'", "${{ quote(vars.b) }}", 0),
        ("'42'", "v${{ vars.b }}", 0),
    ],
)
def test_a_var_that_looks_like_a_number_is_one(
    found: Linter, value: str, target: str, count: int
) -> None:
    """Where the step wants text (Kargo §14.37); quote() and text around it keep it."""
    steps = PUSH_PR % f'"{target}"'
    more = f"vars: [{{name: b, value: {value}}}]\n"
    assert len(found(stage(steps, more=more), rule="changes-type")) == count


def test_a_number_that_is_meant_is_let_be(found: Linter) -> None:
    """Where anything goes and no digit is lost."""
    steps = "- {uses: yaml-update, config: {path: p, updates: [{key: n, value: '${{ vars.n }}'}]}}"
    assert not found(stage(steps, more="vars: [{name: n, value: '3'}]\n"), rule="changes-type")
    assert found(stage(steps, more="vars: [{name: n, value: '1.10'}]\n"), rule="changes-type")


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        ("- {uses: set-freight-alias, config: {name: a, alias: '${{ vars.hidden }}'}}", 1),
        ("- {uses: git-open-pr, config: {description: \"${{ sharedSecret('a').b }}\"}}", 1),
        ("- {uses: file-write, config: {path: p, contents: '${{ vars.hidden }}'}}", 0),
        (
            (
                "- {uses: file-write, config: {path: p, contents: '${{ vars.hidden }}'}}\n"
                "- {uses: git-push, config: {path: p}}"
            ),
            1,
        ),
        ("- {uses: http, config: {url: u, headers: [{name: a, value: '${{ vars.hidden }}'}]}}", 0),
    ],
)
def test_secrets_are_followed_through_vars(found: Linter, steps: str, count: int) -> None:
    """To what people read; what stays in a request or in an unpushed file is no matter."""
    more = """\
        vars:
        - {name: token, value: "${{ secret('a').token }}"}
        - {name: hidden, value: "x${{ vars.token }}"}
        """
    findings = found(stage(steps, more=more), rule="secret-shown")
    assert len(findings) == count


def test_the_outputs_of_chosen_names_are_known(found: Linter) -> None:
    """compose-output has what it composes, and parsing steps what they name."""
    steps = """\
        - {uses: compose-output, as: mine, config: {a: 1}}
        - {uses: yaml-parse, as: read, config: {path: p, outputs: [{name: b, fromExpression: x}]}}
        - {uses: fail, config: {message: "${{ outputs.mine.a }}${{ outputs.read.b }}"}}
        - {uses: fail, config: {message: "${{ outputs.mine.b }}"}}
        """
    findings = found(stage(steps), rule="missing-output")
    assert all("'b'" in finding.text and "mine" in finding.text for finding in findings)


def test_the_pull_requests_old_number_is_told(found: Linter) -> None:
    """Kargo took `prNumber` away."""
    steps = PUSH_PR % "main" + "- {uses: fail, config: {message: '${{ outputs.pr.prNumber }}'}}"
    (finding,) = found(stage(steps), rule="missing-output")
    assert finding.text.endswith("write pr.id")


@pytest.mark.parametrize(
    ("sources", "starved"),
    [
        ("{stages: [joint, test], requiredSoakTime: 1h}", False),
        ("{stages: [joint, test], requiredSoakTime: 1h, availabilityStrategy: All}", True),
        ("{stages: [joint], requiredSoakTime: 0s}", False),
        ("{direct: true, stages: [joint], requiredSoakTime: 1h}", False),
        ("{stages: [elsewhere], requiredSoakTime: 1h}", False),
        ("{stages: [prod]}", True),
        ("{stages: [other]}", True),
    ],
)
def test_freight_needs_a_way(found: Linter, sources: str, *, starved: bool) -> None:
    """Through Stages that have the origin, from one that takes it from the Warehouse."""
    clear = "- {uses: git-clear, config: {path: p}}"
    texts = together(
        stage("", name="joint"),
        stage(clear, name="test"),
        stage(clear, name="other").replace("name: w}", "name: another}"),
        stage(clear, name="prod", sources=sources),
    )
    assert bool(found(texts, rule="no-freight")) == starved


def test_policies_of_patterns_match(found: Linter) -> None:
    """As they do when Freight comes."""
    rules = "promotionPolicies: [{stageSelector: {name: 'glob:d*'}, autoPromotionEnabled: true}]"
    config = document("ProjectConfig", "shop", rules)
    assert not found(together(config, stage("")), rule="idle-policy")
    assert found(together(config, stage("", name="prod")), rule="idle-policy")
    assert not found(config, rule="idle-policy")


def test_a_name_is_only_unknown_where_others_are_given(found: Linter) -> None:
    """One file of many says nothing of what the others hold."""
    text = stage("- {task: {name: other}}")
    assert not found(text, rule="unknown-reference")
    (finding,) = found(text, task("- {uses: fail}"), rule="unknown-reference")
    assert finding.field.endswith("steps[0].task.name")
