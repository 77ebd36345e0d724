"""git-clear: an empty tree with its history."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps


async def test_every_file_goes(steps: Steps, repository: Repository) -> None:
    """Files that were never on disk go too; what is written afterwards is all that stays."""
    repository.commit({"a/b.yaml": "b: 1\n", "c.yaml": "c: 1\n"})
    await steps.clone(repository)
    await steps.run("git-clear", {"path": "./src"})
    await steps.workspace.write("src/new.yaml", b"new: 1\n")
    result = await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    listed = repository.git("ls-tree", "-r", "--name-only", str(result.output["commit"]))
    assert listed == "new.yaml"
    assert len(repository.subjects()) == 3


async def test_what_comes_back_is_no_difference(steps: Steps, repository: Repository) -> None:
    """A file that is written as it was does not count as changed."""
    await steps.clone(repository)
    before = await steps.workspace.read("src/values.yaml")
    await steps.run("git-clear", {"path": "./src"})
    await steps.workspace.write("src/values.yaml", before)
    assert (await steps.commit()).status == "Skipped"


async def test_no_checkout(steps: Steps, repository: Repository) -> None:
    """A folder that is no checkout is refused, and those that are one are named."""
    await steps.clone(repository)
    with pytest.raises(InvalidError, match="there is: src"):
        await steps.run("git-clear", {"path": "./out"})
