"""file-write: text into a file."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from activities.steps.file_write import Config
from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps


def mode(steps: Steps, path: str) -> int:
    """A file's permissions."""
    return (steps.workspace.root / path).stat().st_mode & 0o777


async def test_a_new_file(steps: Steps) -> None:
    """The contents are written as they are, for the owner's eyes only; folders are made."""
    await steps.run("file-write", {"path": "a/b.txt", "contents": "grüße\r\nno newline"})
    assert (steps.workspace.root / "a/b.txt").read_bytes() == "grüße\r\nno newline".encode()
    assert mode(steps, "a/b.txt") == 0o600


async def test_permissions(steps: Steps) -> None:
    """Permissions are exactly those that were asked for, whatever the umask."""
    await steps.run("file-write", {"path": "a", "contents": "", "permissions": "0664"})
    assert mode(steps, "a") == 0o664


async def test_in_a_checkout(steps: Steps, repository: Repository) -> None:
    """A file in a checkout is committed as a plain file."""
    await steps.clone(repository)
    await steps.run("file-write", {"path": "./src/new/a.yaml", "contents": "a: 1\n"})
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    assert repository.git("ls-tree", "refs/heads/main", "new/").startswith("100644 blob")
    assert repository.show("new/a.yaml") == "a: 1"


async def test_an_existing_file(steps: Steps, repository: Repository) -> None:
    """A file of the checkout, though never on disk, is overwritten only if that is asked for."""
    repository.commit({"100755:run.sh": "old\n"})
    await steps.clone(repository)
    config = {"path": "./src/run.sh", "contents": "new\n"}
    with pytest.raises(InvalidError, match=r"^path: '\./src/run\.sh' exists.*overwrite: true"):
        await steps.run("file-write", config)
    assert steps.text("src/run.sh") == "old\n"
    await steps.run("file-write", {**config, "overwrite": True})
    assert steps.text("src/run.sh") == "new\n"
    assert mode(steps, "src/run.sh") & 0o100
    await steps.run("file-write", {**config, "overwrite": True, "permissions": "0640"})
    assert mode(steps, "src/run.sh") == 0o640


PATHS = {
    "./src": "is a folder",
    ".": "is a folder",
    "../x": "leaves",
    "/etc/x": "leaves",
    "./src/.git/hooks/x": "git's own",
    "./src/.git": "git's own",
    "./src/values.yaml/x": "cannot be used",
    "./src/" + "x" * 300: "255 bytes",
    "./a\0b": "NUL",
}


async def test_paths(steps: Steps, repository: Repository) -> None:
    """A path that cannot be written is refused by its field."""
    await steps.clone(repository)
    await steps.workspace.read("src/values.yaml")
    for path, sentence in PATHS.items():
        with pytest.raises(InvalidError, match=f"^path: .*{sentence}"):
            await steps.run("file-write", {"path": path, "contents": "x", "overwrite": True})


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"permissions": "0755"}, "executable"),
        ({"permissions": "0610"}, "executable"),
        ({"permissions": "0666"}, "writable by everybody"),
        ({"permissions": "644"}, "permissions"),
        ({"permissions": "04644"}, "permissions"),
        ({"contents": 42}, "contents"),
        ({"mode": "0600"}, "mode"),
    ],
)
def test_bad_configs(more: dict[str, Any], sentence: str) -> None:
    """Files are neither executable nor writable by all; unknown fields are named."""
    with pytest.raises(ValidationError, match=sentence):
        Config.load({"path": "a", "contents": "", **more})
