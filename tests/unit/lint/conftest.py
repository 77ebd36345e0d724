"""Short ways to lint a text in a test."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from ferryman.domain.lint import Finding, lint
from server.lint.kinds import known_kinds

HEAD = "apiVersion: kargo.akuity.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}, {more}}}\n"
KINDS = known_kinds()

WAREHOUSE_TEXT = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: w, namespace: shop}
spec:
  subscriptions:
  - image:
      repoURL: a/b
"""

Linter = Callable[..., list[Finding]]


def document(kind: str, name: str, spec: str, *, more: str = "namespace: shop") -> str:
    """Return a manifest of Kargo's."""
    head = HEAD.format(kind=kind, name=name, more=more)
    return f"{head}spec:\n{indent(dedent(spec), '  ')}"


def stage(steps: str, *, name: str = "dev", sources: str = "{direct: true}", more: str = "") -> str:
    """Return a Stage with these steps; `more` is added to its spec."""
    spec = f"requestedFreight: [{{origin: {{kind: Warehouse, name: w}}, sources: {sources}}}]\n"
    spec += dedent(more)
    if steps:
        spec += f"promotionTemplate:\n  spec:\n    steps:\n{indent(dedent(steps), '    ')}"
    return document("Stage", name, spec)


def task(steps: str, *, variables: str = "[]") -> str:
    """Return a PromotionTask with these steps."""
    return document("PromotionTask", "t", f"vars: {variables}\nsteps:\n{dedent(steps)}")


def together(*manifests: str) -> str:
    """Return several documents as one text."""
    return "\n---\n".join(manifests)


@pytest.fixture
def found() -> Linter:
    """Lint texts; of one rule only, where one is named."""

    def look(*texts: str, rule: str = "") -> list[Finding]:
        findings = lint([(f"{n}.yaml", text) for n, text in enumerate(texts)], KINDS)
        return [finding for finding in findings if rule in {"", finding.rule}]

    return look
