"""git-clone: revisions into folders."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from activities.steps.git_clone import Config
from ferryman.domain.errors import CredentialError, InvalidError, NotFoundError
from ferryman.domain.ports import Credential
from tests.servers.git import CREDENTIAL, Repository, running_git
from tests.steps.conftest import Steps


def of(repository: Repository, *checkout: dict[str, Any]) -> dict[str, Any]:
    """The config that checks these out."""
    return {"repoURL": repository.file_remote().url, "checkout": checkout}


async def test_the_default_branch(steps: Steps, repository: Repository) -> None:
    """Without a revision, the remote's default branch is checked out, and its commit told."""
    result = await steps.run("git-clone", of(repository, {"path": "./src"}))
    assert result.output == {"commits": {"./src": repository.head()}}
    assert await steps.workspace.read("src/values.yaml")


async def test_several_folders(steps: Steps, repository: Repository) -> None:
    """Branch, tag and commit go into folders of their own; an `as` names a commit in the output."""
    first = repository.head()
    repository.git("tag", "v1", first)
    repository.commit({"values.yaml": "image: {tag: 2}\n"})
    config = of(
        repository,
        {"path": "./new", "branch": "main"},
        {"path": "./old", "tag": "v1", "as": "old"},
        {"path": "./same", "commit": first},
    )
    result = await steps.run("git-clone", config)
    assert result.output["commits"] == {"./new": repository.head(), "old": first, "./same": first}
    old, new = [await steps.workspace.read(f"{at}/values.yaml") for at in ("old", "new")]
    assert old != new


async def test_the_whole_workspace(steps: Steps, repository: Repository) -> None:
    """`.` is a folder like any other."""
    await steps.run("git-clone", of(repository, {"path": "."}))
    await steps.update(path="values.yaml")
    assert 'tag: "1.1"' in steps.text("values.yaml")


async def test_run_again(steps: Steps, repository: Repository) -> None:
    """With pins, it takes the commit of the first time and still knows the branch."""
    first = await steps.clone(repository)
    await steps.workspace.clear()
    await steps.git.release(steps.workspace.root / "src")
    repository.commit({"values.yaml": "image: {tag: 2}\n"})
    steps.workspace.begin("1")
    config = of(repository, {"path": "./src", "branch": "main"})
    again = await steps.run("git-clone", config, pins=first.pins)
    assert (again.output, again.pins) == (first.output, first.pins)
    assert steps.workspace.noted("src", "branch") == "main"


async def test_a_branch_to_create(steps: Steps, repository: Repository) -> None:
    """`create` makes a missing branch on the remote, once the fence lets it."""
    wanted = {"path": "./out", "branch": "rendered", "create": True}
    await steps.run("git-clone", of(repository, wanted))
    assert repository.has("rendered")
    assert steps.asked == 1


async def test_a_branch_that_is_missing(steps: Steps, repository: Repository) -> None:
    """A branch that the remote lacks is named."""
    with pytest.raises(NotFoundError, match="rendered"):
        await steps.run("git-clone", of(repository, {"path": "./out", "branch": "rendered"}))
    assert not repository.has("rendered")


@pytest.mark.parametrize("path", ["../src", "/../src", "a/../../src", "./src/.git", ".GIT"])
async def test_folders_out_of_reach(steps: Steps, repository: Repository, path: str) -> None:
    """A folder lies below the work tree, and never within git's own data."""
    with pytest.raises(InvalidError, match=r"checkout\.path"):
        await steps.run("git-clone", of(repository, {"path": path}))


async def test_a_folder_that_is_taken(steps: Steps, repository: Repository) -> None:
    """Where files are, nothing is checked out over them."""
    await steps.workspace.write("src/mine", b"here")
    with pytest.raises(InvalidError, match="has files in it"):
        await steps.clone(repository)


@pytest.mark.parametrize("url", ["ext::sh -c id", "--upload-pack=id", "/etc", "git://host/x"])
async def test_hostile_urls(steps: Steps, url: str) -> None:
    """A URL that git should not be given is refused by the field's name."""
    with pytest.raises(InvalidError, match="repoURL"):
        await steps.run("git-clone", {"repoURL": url, "checkout": [{"path": "./src"}]})


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"checkout": [{"path": "a", "branch": "x", "tag": "y"}]}, "at most one of branch"),
        ({"checkout": []}, "at least 1 item"),
        ({"author": {"name": "a", "email": "nobody"}}, "author.email"),
        ({"checkuot": []}, "checkuot"),
    ],
)
def test_bad_configs(more: dict[str, Any], sentence: str) -> None:
    """What is not understood or not supported yet is said by its name."""
    with pytest.raises(ValidationError, match=sentence):
        Config.load({"repoURL": "https://host/x", "checkout": [{"path": "./src"}], **more})


async def test_credentials(steps: Steps, repository: Repository) -> None:
    """A password is asked for, refused, and accepted."""
    async with running_git(repository.path.parent) as running:
        config = {"repoURL": running.remote("shop").url, "checkout": [{"path": "./src"}]}
        for wrong in (None, Credential("ann", "wrong")):
            steps.credential = wrong
            with pytest.raises(CredentialError, match="apply a Secret"):
                await steps.run("git-clone", config)
        steps.credential = CREDENTIAL
        await steps.run("git-clone", config)
    assert await steps.workspace.read("src/values.yaml")
