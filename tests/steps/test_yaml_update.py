"""yaml-update: values in a file of a checkout."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import InvalidError, PermanentError
from tests.servers.git import Repository
from tests.steps.conftest import VALUES, Steps


async def test_only_the_value_changes(steps: Steps, repository: Repository) -> None:
    """No other byte of the file changes, and the message says what did."""
    await steps.clone(repository)
    result = await steps.update("1.1")
    assert steps.text() == VALUES.replace('"1.0"', '"1.1"')
    assert result.output == {"commitMessage": "Updated src/values.yaml\n\n- image.tag: 1.1"}


@pytest.mark.parametrize(
    ("value", "written", "told"),
    [(2, "2", "2"), (True, "true", "true"), (None, "null", "null"), ("a: b", '"a: b"', "a: b")],
)
async def test_kinds_of_values(
    steps: Steps, repository: Repository, value: Any, written: str, told: str
) -> None:
    """A value is written so that YAML reads it back as what it is."""
    await steps.clone(repository)
    result = await steps.update(value)
    assert f"tag: {written}  # ours" in steps.text()
    assert result.output["commitMessage"].endswith(f"- image.tag: {told}")


async def test_all_or_nothing(steps: Steps, repository: Repository) -> None:
    """When one key is missing, no value is set."""
    await steps.clone(repository)
    updates = [{"key": "replicas", "value": 2}, {"key": "image.nope.tag", "value": 1}]
    with pytest.raises(InvalidError, match=r"image\.nope\.tag"):
        await steps.run("yaml-update", {"path": "./src/values.yaml", "updates": updates})
    assert steps.text() == VALUES


async def test_a_value_that_is_there(steps: Steps, repository: Repository) -> None:
    """A value that is as wanted leaves nothing to commit."""
    await steps.clone(repository)
    await steps.update("1.0")
    assert (await steps.commit()).status == "Skipped"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("./src/none.yaml", "there is no file"),
        ("./src/values.yaml/x", "there is no file"),
        ("./src", "is a folder"),
        ("../values.yaml", "leaves"),
        ("/etc/passwd", "there is no file"),
        ("./src/.git/config", "git's own"),
        ("./src/a\0b", "NUL"),
        ("./src/" + "x" * 300, "255 bytes"),
    ],
)
async def test_paths(steps: Steps, repository: Repository, path: str, sentence: str) -> None:
    """A path is a file below the work tree; else the field is named."""
    await steps.clone(repository)
    with pytest.raises(InvalidError, match=f"path: .*{sentence}"):
        await steps.update(path=path)


async def test_a_link_that_leaves_the_tree(steps: Steps, repository: Repository) -> None:
    """A link in the repository leads nowhere outside, whatever it points to."""
    outside = repository.path.parent / "secret.yaml"
    outside.write_text("image:\n  tag: x\n")
    repository.commit(
        {"120000:link.yaml": str(outside), "120000:up": "../..", "120000:loop": "loop"}
    )
    await steps.clone(repository)
    for path in ("./src/link.yaml", "./src/up/secret.yaml", "./src/loop"):
        with pytest.raises(PermanentError):
            await steps.update(path=path)
    assert outside.read_text() == "image:\n  tag: x\n"


async def test_a_link_within_the_tree(steps: Steps, repository: Repository) -> None:
    """A link to another file of the repository is followed, and stays a link."""
    repository.commit({"120000:link.yaml": "values.yaml"})
    await steps.clone(repository)
    await steps.update("1.1", path="./src/link.yaml")
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    assert 'tag: "1.1"' in repository.show("values.yaml")
    assert repository.show("link.yaml") == "values.yaml"


async def test_a_file_beside_the_checkouts(steps: Steps) -> None:
    """Files need no checkout."""
    await steps.workspace.write("out/values.yaml", VALUES.encode())
    await steps.update("1.1", path="out/values.yaml")
    assert 'tag: "1.1"' in steps.text("out/values.yaml")
