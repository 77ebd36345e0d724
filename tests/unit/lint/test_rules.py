"""Each rule finds what it is for, and is silent where all is well."""

from __future__ import annotations

import pytest

from ferryman.domain.lint import RULES, Severity
from tests.unit.lint.conftest import Linter, document, stage, task, together

PUSHED = """\
- {uses: git-clone, config: {repoURL: 'https://g.example/r.git', checkout: [{path: ./src}]}}
- {uses: yaml-update, as: update, config: {path: ./src/v.yaml, updates: [{key: a, value: b}]}}
- {uses: git-commit, as: commit, config: {path: ./src, message: m}}
- {uses: git-push, as: push, config: {path: ./src}}
"""
POLICIES = "promotionPolicies: [{stage: %s, autoPromotionEnabled: true}]"
DIGITS = "${{ imageFrom('a/b').Tag }}"
SET_TAG = "- {uses: kustomize-set-image, config: {path: ./src, images: [{image: a/b, tag: %s}]}}"
UPDATE = "- {uses: yaml-update, config: {path: p, updates: [{key: k, value: %s}]}}"
WAREHOUSE = document("Warehouse", "w", "subscriptions: [{image: {repoURL: a/b}}]")
LEXICAL = WAREHOUSE.replace("a/b}", "a/b, imageSelectionStrategy: Lexical}")
OPENED = """\
- {uses: git-open-pr, as: pr, config: {repoURL: r, sourceBranch: a, targetBranch: b}}
- {uses: git-wait-for-pr, %s config: {repoURL: r, prNumber: "${{ outputs.pr.pr.id }}"}}
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: git, namespace: shop, labels: {kargo.akuity.io/cred-type: git}}
stringData: {repoURL: 'https://g.example/%s.git', username: u, password: p}
"""
CASES: list[tuple[str, str, str]] = [
    # rule, what it finds, what it lets pass
    ("yaml", "a: [", stage(PUSHED)),
    ("kind", "apiVersion: kargo.akuity.io/v1alpha1\nkind: Warehose\n", WAREHOUSE),
    ("left-alone", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n", WAREHOUSE),
    ("schema", WAREHOUSE.replace("repoURL", "url"), WAREHOUSE),
    ("meaning", stage(PUSHED, sources="{direct: false}"), stage(PUSHED)),
    ("together", together(WAREHOUSE, WAREHOUSE), WAREHOUSE),
    ("duplicate-key", WAREHOUSE + "\nspec: {}", WAREHOUSE),
    ("old-form", WAREHOUSE.replace("a/b", "a/b, semverConstraint: ^1"), WAREHOUSE),
    ("not-acted-on", stage(PUSHED, more="targets: {}\n").replace("{}", "{a: 1}"), stage(PUSHED)),
    ("expression-syntax", stage(UPDATE % "'${{ 1 + }}'"), stage(UPDATE % "'${{ 1 + 1 }}'")),
    ("expression-type", stage(UPDATE % '"${{ upper(1) }}"'), stage(UPDATE % "a")),
    ("expression-unknown-function", stage(UPDATE % '"${{ uper(1) }}"'), stage(UPDATE % "a")),
    ("expression-unknown-variable", stage(UPDATE % '"${{ vras.a }}"'), stage(UPDATE % "a")),
    ("expression-old-form", stage(UPDATE % '"${{ secrets.a.b }}"'), stage(UPDATE % "a")),
    (
        "undeclared-var",
        task(UPDATE % '"${{ vars.a }}"'),
        task(UPDATE % '"${{ vars.a }}"', variables="[{name: a}]"),
    ),
    (
        "unknown-output",
        stage(UPDATE % '"${{ outputs.commit.commit }}"'),
        stage(PUSHED + UPDATE % '"${{ outputs.commit.commit }}"'),
    ),
    ("unknown-step", stage("- {uses: yaml-updat}"), stage(PUSHED)),
    ("step-not-run", stage("- {uses: argocd-update, config: {apps: [{name: a}]}}"), stage(PUSHED)),
    ("step-config", stage("- {uses: git-clear, config: {pth: a}}"), stage(PUSHED)),
    (
        "unknown-reference",
        together(stage("", name="test", sources="{stages: [dve]}"), stage(PUSHED)),
        together(stage("", name="test", sources="{stages: [dev]}"), stage(PUSHED)),
    ),
    (
        "missing-var",
        together(stage("- {task: {name: t}}"), task(PUSHED, variables="[{name: a}]")),
        together(
            stage("- {task: {name: t}, vars: [{name: a, value: x}]}"),
            task(PUSHED, variables="[{name: a}]"),
        ),
    ),
    (
        "no-credential",
        stage(PUSHED) + f"---\n{SECRET % 's'}",
        stage(PUSHED) + f"---\n{SECRET % 'r'}",
    ),
    (
        "missing-output",
        stage(PUSHED + UPDATE % '"${{ outputs.push.comit }}"'),
        stage(PUSHED + UPDATE % '"${{ outputs.push.commit }}"'),
    ),
    (
        "task-output",
        task(PUSHED + UPDATE % '"${{ outputs.push.commit }}"'),
        task(PUSHED + UPDATE % '"${{ task.outputs.push.commit }}"'),
    ),
    ("changes-type", stage(UPDATE % "\"${{ '1.10' }}\""), stage(UPDATE % "\"${{ '1.2.3' }}\"")),
    (
        "may-change-type",
        together(LEXICAL, stage(UPDATE % f'"{DIGITS}"')),
        together(WAREHOUSE, stage(UPDATE % f'"{DIGITS}"')),
    ),
    (
        "secret-shown",
        stage(PUSHED.replace("message: m", "message: \"${{ secret('a').b }}\"")),
        stage(PUSHED),
    ),
    (
        "stale-commit",
        stage(PUSHED + UPDATE % '"${{ outputs.commit.commit }}"'),
        stage(PUSHED + UPDATE % '"${{ outputs.push.commit }}"'),
    ),
    (
        "stale-read",
        stage(PUSHED + "- {uses: copy, config: {inPath: src/a, outPath: b}}"),
        stage(PUSHED + "- {uses: copy, config: {inPath: other, outPath: b}}"),
    ),
    (
        "lost-edit",
        stage(PUSHED + "- {uses: git-clear, config: {path: src}}"),
        stage(PUSHED + "- {uses: git-clear, config: {path: src}}\n" + PUSHED.splitlines()[-1]),
    ),
    ("never-pushed", stage("\n".join(PUSHED.splitlines()[:-1])), stage(PUSHED)),
    ("skipped-pull-request", stage(OPENED % ""), stage(OPENED % 'if: "${{ success() }}",')),
    (
        "polls-for-ever",
        stage("- {uses: http, config: {url: u}}"),
        stage("- {uses: http, config: {url: u}, retry: {timeout: 5m}}"),
    ),
    (
        "no-freight",
        together(
            stage("", name="joint"),
            stage(PUSHED, sources="{stages: [joint], requiredSoakTime: 1h}"),
        ),
        together(stage("", name="joint"), stage(PUSHED, sources="{stages: [joint]}")),
    ),
    (
        "idle-policy",
        together(document("ProjectConfig", "shop", POLICIES % "prod"), stage(PUSHED)),
        together(document("ProjectConfig", "shop", POLICIES % "dev"), stage(PUSHED)),
    ),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_what_it_is_for(found: Linter, rule: str, bad: str, good: str) -> None:
    """One finding at least, with a place, and none where all is well."""
    findings = found(bad, rule=rule)
    assert findings
    assert all(finding.source == "0.yaml" and finding.mark.line >= 1 for finding in findings)
    if rule != "meaning":
        assert {finding.severity for finding in findings} == {RULES[rule].severity}
    assert found(good, rule=rule) == []


def test_no_rule_goes_untested() -> None:
    """Every rule of the registry stands in the cases above."""
    assert sorted(RULES) == sorted(rule for rule, _, _ in CASES)


def test_rules_are_told_in_a_sentence() -> None:
    """Each has a name of a kind and says what it finds."""
    for name, rule in RULES.items():
        assert name == rule.name == rule.name.lower()
        assert rule.sentence.endswith(".")
        assert rule.severity in Severity
