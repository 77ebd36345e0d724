"""`ferryman lint` as people and pipelines call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from server.lint.command import app

pytestmark = pytest.mark.slow

GOOD = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: w, namespace: shop}
spec:
  subscriptions:
  - image: {repoURL: a/b}
"""
OLD = GOOD.replace("a/b", "a/b, semverConstraint: ^1.0.0")
BAD = GOOD.replace("repoURL", "url")
EXPRESSION = GOOD + "  freightCreationCriteria: {expression: 1 +}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of manifests, with files of other tools beside them."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "deep" / "old.yaml").write_text(OLD.replace("name: w,", "name: v,"))
    (tmp_path / "kustomization.yaml").write_text("resources: []\n")
    (tmp_path / "template.yaml").write_text("a: {{ .Values.b }}\n")
    return tmp_path


class Said(NamedTuple):
    """How the command ended."""

    code: int
    out: str
    err: str


def lint(*arguments: str | Path, stdin: str = "") -> Said:
    """Run it."""
    result = CliRunner().invoke(app, [*map(str, arguments)], input=stdin)
    return Said(result.exit_code, result.stdout, result.stderr)


def test_it_is_a_command_of_ferryman() -> None:
    """A process of its own, for the command line knows no step."""
    command = [sys.executable, "-m", "cli", "lint", "-"]
    done = subprocess.run(command, input=BAD, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.count("[schema]\n") == 2


def test_a_folder_is_read_with_what_is_inside_it(folder: Path) -> None:
    """Only what speaks of Kargo or of us; a warning is no failure, but with --strict."""
    done = lint(folder)
    (line,) = done.out.splitlines()
    assert line.startswith(f"{folder}/deep/old.yaml:6:27: warning: Warehouse/v: ")
    assert line.endswith("[old-form]")
    assert done.err.strip() == "0 errors, 1 warning, 0 notes in 2 files"
    assert (done.code, lint(folder, "--strict").code) == (0, 1)


def test_an_error_fails() -> None:
    """With exit code 1; `-` is standard input, and an expression is shown with a caret."""
    done = lint("-", stdin=EXPRESSION)
    assert done.code == 1
    assert done.out == (
        "stdin:7:29: error: Warehouse/w: spec.freightCreationCriteria.expression: "
        "did not expect the end of the expression here [expression-syntax]\n"
        "  | 1 +\n"
        "  |    ^\n"
    )


def test_programs_read_json(folder: Path) -> None:
    """One object a finding; without any it is an empty list."""
    (finding,) = json.loads(lint("-o", "json", "-", stdin=OLD).out)
    assert finding["message"].startswith("is an old name; write constraint")
    del finding["message"]
    assert finding == {
        "file": "stdin",
        "line": 6,
        "column": 27,
        "severity": "warning",
        "rule": "old-form",
        "object": "Warehouse/w",
        "field": "spec.subscriptions[0].image.semverConstraint",
    }
    assert json.loads(lint("-o", "json", folder / "good.yaml").out) == []


def test_github_reads_commands() -> None:
    """With line ends and commas out of the way."""
    done = lint("-o", "github", "-", stdin=EXPRESSION)
    assert done.out == (
        "::error file=stdin,line=7,col=29,title=expression-syntax::Warehouse/w: "
        "spec.freightCreationCriteria.expression: did not expect the end of the expression here"
        "%0A  | 1 +%0A  |    ^\n"
    )


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["-o", "xml", "-"]])
def test_wrong_usage_is_told_apart(arguments: list[str]) -> None:
    """By exit code 2."""
    assert lint(*arguments).code == 2
