"""Paths that begin with a slash begin at the work tree, in every step that takes paths."""

from __future__ import annotations

from typing import Any

import pytest

from activities.kinds import StepConfig
from activities.steps import STEPS
from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

_OF_THE_TREE = {"path", "inPath", "outPath", "outFile"}
_MUST_BE_RELATIVE = {"file-write"}
"""Kargo's own exception."""


def _configs() -> list[tuple[str, type[StepConfig]]]:
    return [(kind, step.config) for kind, step in STEPS.items() if kind not in _MUST_BE_RELATIVE]


@pytest.mark.parametrize(("kind", "config"), _configs())
def test_every_path(kind: str, config: type[StepConfig]) -> None:
    """No step has forgotten to say that its path is one of the work tree."""
    for name, found in config.model_fields.items():
        if found.alias in _OF_THE_TREE:
            assert _read(config, name, "/etc/passwd") == "etc/passwd", kind
            assert _read(config, name, "/") == ".", kind


def _read(config: type[StepConfig], name: str, path: str) -> Any:
    return getattr(
        config.__pydantic_validator__.validate_assignment(config.model_construct(), name, path),
        name,
    )


async def test_from_clone_to_commit(steps: Steps, repository: Repository) -> None:
    """With slashes in front, the steps do the same as without."""
    checkout = {
        "repoURL": repository.path.as_uri(),
        "checkout": [{"path": "/src", "branch": "main"}],
    }
    cloned = await steps.run("git-clone", checkout)
    assert cloned.output == {"commits": {"/src": repository.head()}}
    await steps.run("copy", {"inPath": "/src/values.yaml", "outPath": "//src/copy.yaml"})
    await steps.run("yaml-merge", {"inFiles": ["/src/copy.yaml"], "outFile": "/src/merged.yaml"})
    await steps.run("delete", {"paths": ["/src/c*.yaml"], "pathsAreGlobs": True})
    made = await steps.run("git-commit", {"path": "/src", "message": "Copy"})
    assert made.output["commit"]
    assert steps.text("src/merged.yaml")
    assert not (steps.workspace.root / "src/copy.yaml").exists()


@pytest.mark.parametrize("path", ["/../etc/passwd", "//..", "/src/../../x"])
async def test_still_no_way_out(steps: Steps, repository: Repository, path: str) -> None:
    """A slash in front leads nowhere else."""
    await steps.clone(repository)
    with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
        await steps.run("copy", {"inPath": path, "outPath": "./out"})


async def test_file_write_wants_a_relative_path(steps: Steps) -> None:
    """As with Kargo."""
    with pytest.raises(InvalidError, match="use a path below it"):
        await steps.run("file-write", {"path": "/etc/x", "contents": "x"})
