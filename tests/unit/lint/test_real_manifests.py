"""What people have today can be linted: real manifests, read in place where they are at hand.

They belong to others and are not part of this repository.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.lint import Severity
from tests.unit.lint.conftest import KINDS, Linter
from tests.unit.manifests.test_real_manifests import BROKEN_EXPRESSIONS

FOLDER = Path(__file__).parents[4] / "shared" / "manifests"
INDEX = FOLDER / "index.json"
FILES: list[dict[str, Any]] = json.loads(INDEX.read_text())["files"] if INDEX.exists() else []

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real manifests is not beside us")


@pytest.mark.parametrize("facts", FILES, ids=lambda facts: facts["file"].partition("-")[0])
def test_valid_files_have_no_errors(found: Linter, facts: dict[str, Any]) -> None:
    """But for steps that are not Kargo's, and expressions that cannot work."""
    name = facts["file"]
    findings = found((FOLDER / name).read_text())
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if facts["valid_against_aug2026_crds"] is False:
        assert findings
        return
    others = [f for f in errors if f.rule != "unknown-step"]
    broken = BROKEN_EXPRESSIONS.get(name.partition("-")[0])
    assert [str(f.message) for f in others if not broken or broken not in f.text] == []
    strangers = {f.text.split("'")[1] for f in errors if f.rule == "unknown-step"}
    assert not strangers & KINDS.keys()


def test_the_example_that_all_began_with_is_only_old(found: Linter) -> None:
    """Nothing is wrong, unsupported or risky in it."""
    files = sorted((FOLDER / "seed-echo-server").glob("*.yaml"))
    findings = found(*[file.read_text() for file in files])
    assert {finding.rule for finding in findings} == {"old-form", "meaning"}
    assert Severity.ERROR not in {finding.severity for finding in findings}
