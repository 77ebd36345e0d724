"""What people have today loads: real manifests, read in place where they are at hand.

They belong to others and are not part of this repository.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.manifests import Loaded, dump, load, load_all, validate_together
from ferryman.domain.secret import Secret
from ferryman.domain.stage import Stage

FOLDER = Path(__file__).parents[4] / "shared" / "manifests"
INDEX = FOLDER / "index.json"
FILES: list[dict[str, Any]] = json.loads(INDEX.read_text())["files"] if INDEX.exists() else []
STEPS = frozenset({"git-clone", "git-clear", "yaml-update", "git-commit", "git-push"})

BROKEN_EXPRESSIONS = {
    "m034": "commitFrom(string, origin?) wants origin, not map",
    "m038": "expected ',' here",
}
"""What Kargo's schema cannot see, and what would end each of their Promotions."""

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real manifests is not beside us")

each = pytest.mark.parametrize("facts", FILES, ids=lambda facts: facts["file"].partition("-")[0])


@cache
def read(file: str) -> tuple[Loaded, list[str]]:
    """Return what a file holds, and every error."""
    loaded = load((FOLDER / file).read_text(), source=file, known_steps=STEPS)
    return loaded, [*loaded.errors, *validate_together(loaded.items)]


def fields(complaint: str) -> list[str]:
    """Return the fields that Kargo's schema complains of."""
    where, _, what = complaint.partition(": ")
    if "is not of type" in what:
        return [where]
    return re.findall(r"'([\w-]+)'", what)


@each
def test_a_file_is_read_or_refused_by_the_fields_that_kargo_refuses(facts: dict[str, Any]) -> None:
    """Valid ones have no error; of invalid ones every field is named in an error or a warning."""
    loaded, errors = read(facts["file"])
    if facts["valid_against_aug2026_crds"] is not False:
        broken = BROKEN_EXPRESSIONS.get(facts["file"].partition("-")[0])
        assert [error for error in errors if not broken or broken not in error] == []
        assert bool(errors) == bool(broken)
        return
    said = "\n".join([*errors, *loaded.warnings])
    for complaint in facts["crd_errors"]:
        about, _, rest = complaint.partition(": ")
        assert about in said
        for field in fields(rest):
            assert re.search(rf"\b{re.escape(field)}\b", said), complaint


@each
def test_old_names_are_told(facts: dict[str, Any]) -> None:
    """Each old field that the file uses is named in a warning, but in templates of other tools."""
    loaded, _ = read(facts["file"])
    if any("is a template" in warning for warning in loaded.warnings):
        pytest.skip("a template is left alone, and nothing is said of its fields")
    said = "\n".join(loaded.warnings)
    old = [*facts.get("legacy_subscription_fields", ()), *facts["legacy_step_fields"]]
    for field in [name for name in old if not name.startswith("compose-output.")]:
        assert re.split(r"[ (]", field)[0].rpartition(".")[2] in said


@each
def test_what_was_read_applies_again(facts: dict[str, Any]) -> None:
    """Written and read once more, the objects are the same, and there is nothing left to say."""
    loaded, _ = read(facts["file"])
    resources = [r for r in loaded.resources if not isinstance(r, Secret)]
    again = load(dump(resources))
    assert list(again.resources) == resources
    assert not again.errors
    assert not [warning for warning in again.warnings if "is an old" in warning]


@pytest.mark.parametrize("stage", ["development", "staging", "production"])
def test_the_example_that_all_began_with(stage: str) -> None:
    """Without an error, and each Stage edits one file, commits and pushes."""
    files = sorted((FOLDER / "seed-echo-server").glob("*.yaml"))
    texts = [(file.name, file.read_text()) for file in files]
    loaded = load_all(texts, known_steps=STEPS)
    assert len(loaded.resources) == len(files) == 6
    assert not loaded.errors
    assert validate_together(loaded.items) == ()
    assert not [item for item in loaded.items if item.unsupported]
    (found,) = [r for r in loaded.resources if isinstance(r, Stage) and r.name == stage]
    assert [step.uses for step in found.spec.steps] == [
        "git-clone",
        "yaml-update",
        "git-commit",
        "git-push",
    ]
