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


async def test_what_is_not_shown_stays(steps: Steps, repository: Repository) -> None:
    """With `sparse`, the other folders of the branch stay in the commit; a rebuild knows it too."""
    repository.commit({"env/dev/a.yaml": "a: 1\n", "env/prod/a.yaml": "a: 1\n", "x/y": "1"})
    checkout = {"path": "./src", "branch": "main", "sparse": ["env/prod"]}
    config = {"repoURL": repository.file_remote().url, "checkout": [checkout]}
    first = await steps.run("git-clone", config)
    await steps.git.release(steps.workspace.root / "src")
    await steps.workspace.clear()
    steps.workspace.begin("1")
    await steps.run("git-clone", config, pins=first.pins)
    await steps.run("git-clear", {"path": "./src"})
    await steps.workspace.write("src/env/prod/b.yaml", b"b: 1\n")
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    listed = repository.git("ls-tree", "-r", "--name-only", "refs/heads/main").splitlines()
    assert listed == ["env/dev/a.yaml", "env/prod/b.yaml", "x/y"]
