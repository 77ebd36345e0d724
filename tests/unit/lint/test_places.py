"""Findings stand at the line and column of the field."""

from __future__ import annotations

import json

from tests.unit.lint.conftest import WAREHOUSE_TEXT, Linter

STAGE = """\
# a comment
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: dev, namespace: shop}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: w}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clear
        config: {path: p, deep: 1}
      - uses: file-write
        config:
          path: p
          contents: |
            some
            ${{ nope }}
"""


def _places(found: Linter, *texts: str) -> list[tuple[str, int, int, str]]:
    return [(f.source, f.mark.line, f.mark.column, f.rule) for f in found(*texts)]


def test_line_and_column_count_from_one(found: Linter) -> None:
    """Of the field's key, in flow style and in block style; excerpts come with the text."""
    assert ("0.yaml", 17, 11, "expression-unknown-variable") in _places(found, STAGE)
    good = STAGE.replace("${{ nope }}", "text")
    assert ("0.yaml", 13, 27, "step-config") in _places(found, good)


def test_documents_lists_and_files_keep_their_places(found: Linter) -> None:
    """The second document, an item of a list, and another file."""
    good = STAGE.replace("${{ nope }}", "text")
    second = _places(found, f"{WAREHOUSE_TEXT}\n---\n{good}")
    lines = WAREHOUSE_TEXT.count("\n") + 2
    assert ("0.yaml", 13 + lines, 27, "step-config") in second
    listed = "apiVersion: v1\nkind: List\nitems:\n- " + "\n  ".join(good.splitlines()) + "\n"
    assert ("0.yaml", 13 + 3, 29, "step-config") in _places(found, listed)
    assert ("1.yaml", 13, 27, "step-config") in _places(found, WAREHOUSE_TEXT, good)


def test_json_is_read_too(found: Linter) -> None:
    """With its lines and columns."""
    spec = {"subscriptions": [{"image": {"url": "a/b"}}]}
    meta = {"name": "w", "namespace": "shop"}
    data = {"apiVersion": "kargo.akuity.io/v1alpha1", "kind": "Warehouse", "metadata": meta}
    findings = found(json.dumps({**data, "spec": spec}, indent=2), rule="schema")
    assert [(f.mark.line, f.mark.column, f.field) for f in findings] == [
        (11, 9, "spec.subscriptions[0].image.repoURL"),
        (12, 11, "spec.subscriptions[0].image.url"),
    ]


def test_what_is_no_yaml_does_not_hide_the_other_files(found: Linter) -> None:
    """It has its own place, and all else is looked at."""
    findings = found("a: [\n", WAREHOUSE_TEXT.replace("repoURL", "url"))
    assert {finding.source for finding in findings} == {"0.yaml", "1.yaml"}
    assert findings[0].rule == "yaml"
    assert "not YAML" in findings[0].text
    assert findings[0].mark.line >= 1


def test_findings_come_in_the_order_of_the_text(found: Linter) -> None:
    """File by file, line by line, and none twice."""
    findings = found(STAGE, STAGE)
    keys = [(finding.source, finding.mark) for finding in findings]
    assert keys == sorted(keys)
    assert len(set(findings)) == len(findings)
