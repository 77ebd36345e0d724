"""git-push: commits on a branch of the remote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from activities.kinds import StepResult
from activities.steps.git_push import Config, _commit_page
from activities.workspace import Workspace
from ferryman.clients.git import GitClient, GitOptions
from ferryman.domain.errors import FencedError, InvalidError, PermanentError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

PUSH: Mapping[str, Any] = {"path": "./src"}


async def committed(steps: Steps, repository: Repository, value: str = "1.1") -> StepResult:
    """Clone, set the tag, commit."""
    await steps.clone(repository)
    await steps.update(value)
    return await steps.commit()


async def test_the_branch_that_was_cloned(steps: Steps, repository: Repository) -> None:
    """Unless another is named, the branch that was checked out takes the commit."""
    commit = (await committed(steps, repository)).output["commit"]
    result = await steps.run("git-push", PUSH)
    assert repository.head() == commit
    assert result.output == {"commit": commit, "branch": "main"}
    assert steps.asked == 1


async def test_a_remote_that_moved_on(steps: Steps, repository: Repository) -> None:
    """What others pushed meanwhile stays below ours, and is in the tree afterwards."""
    await committed(steps, repository)
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    result = await steps.run("git-push", PUSH)
    assert repository.subjects() == ["Promote", "Theirs", "First"]
    assert repository.head() == result.output["commit"]
    assert await steps.workspace.read("src/theirs.yaml")


async def test_an_earlier_push_is_found(
    steps: Steps, repository: Repository, tmp_path: Path
) -> None:
    """What an earlier attempt had pushed, with commits of others on it by now, is adopted."""
    await committed(steps, repository)
    repository.commit({"a.yaml": "a: 1\n"}, "Before")
    first = await steps.run("git-push", PUSH)
    repository.commit({"b.yaml": "b: 1\n"}, "After")
    other = GitClient(tmp_path / "other", GitOptions(allow_file_urls=True, retry_pause=0.01))
    late = replace(steps, git=other, workspace=Workspace(tmp_path / "late"), done=0)
    late.workspace.begin("1")
    root = repository.git("rev-list", "--max-parents=0", "refs/heads/main")
    config = {"repoURL": repository.file_remote().url, "checkout": [{"path": "./src"}]}
    pins = {"./src": {"commit": root, "branch": "main"}}
    await late.run("git-clone", config, pins=pins)
    await late.update()
    await late.commit()
    again = await late.run("git-push", PUSH)
    other.close()
    assert again.output["commit"] == first.output["commit"]
    assert repository.subjects() == ["After", "Promote", "Before", "First"]


async def test_branches_of_its_own(steps: Steps, repository: Repository) -> None:
    """A branch can be named, or generated from the Promotion's name."""
    before = repository.head()
    await committed(steps, repository)
    named = await steps.run("git-push", {**PUSH, "targetBranch": "env/dev"})
    made = await steps.run("git-push", {**PUSH, "generateTargetBranch": True})
    assert named.output["branch"] == "env/dev"
    assert made.output["branch"] == "kargo/promotion/dev.x.y"
    assert repository.head("env/dev") == repository.head("kargo/promotion/dev.x.y")
    assert repository.head() == before


async def test_no_branch_to_push_to(steps: Steps, repository: Repository) -> None:
    """After checking out a commit, a branch has to be named."""
    wanted = {"path": "./src", "commit": repository.head()}
    config = {"repoURL": repository.file_remote().url, "checkout": [wanted]}
    await steps.run("git-clone", config)
    with pytest.raises(InvalidError, match="targetBranch"):
        await steps.run("git-push", PUSH)


async def test_the_fence(steps: Steps, repository: Repository) -> None:
    """Who lost its step does not push."""
    before = repository.head()
    await committed(steps, repository)
    steps.fenced = FencedError("too late")
    with pytest.raises(FencedError):
        await steps.run("git-push", PUSH)
    assert repository.head() == before


async def test_the_servers_no(steps: Steps, repository: Repository) -> None:
    """What a hook of the server says is passed on."""
    repository.hook("pre-receive", "echo 'no pushes on Fridays' >&2; exit 1")
    await committed(steps, repository)
    with pytest.raises(PermanentError, match="no pushes on Fridays"):
        await steps.run("git-push", PUSH)


async def test_a_rebuilt_tree_stands_on_what_was_pushed(
    steps: Steps, repository: Repository
) -> None:
    """Run again for a rebuild, it pushes nothing; the tree and its later changes are the same."""
    await committed(steps, repository)
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    result = await steps.run("git-push", PUSH)
    after = await steps.workspace.fingerprint()
    asked, head = steps.asked, repository.head()
    await steps.workspace.checkout("src").reset(repository.git("rev-parse", f"{head}^"))
    await steps.run("git-push", PUSH, pins=result.pins, replay=True)
    assert await steps.workspace.fingerprint() == after
    assert (steps.asked, repository.head()) == (asked, head)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"tag": "v1", "targetBranch": "a"}, "at most one of targetBranch"),
        ({"targetBranch": "a", "generateTargetBranch": True}, "at most one of targetBranch"),
        ({"maxAttempts": 0}, "maxAttempts"),
        ({"maxAttempts": 2147483648}, "maxAttempts"),
    ],
)
def test_bad_configs(more: dict[str, Any], sentence: str) -> None:
    """What is not understood or not supported yet is said by its name."""
    with pytest.raises(ValidationError, match=sentence):
        Config.load({**PUSH, **more})


@pytest.mark.parametrize(
    ("url", "provider", "page"),
    [
        ("https://github.com/shop/app.git", None, "https://github.com/shop/app/commit/c0"),
        ("https://ann@gitlab.com/shop/app", None, "https://gitlab.com/shop/app/-/commit/c0"),
        ("https://git.shop.dev/app.git", "gitea", "https://git.shop.dev/app/commit/c0"),
        ("https://git.shop.dev/app.git", None, ""),
        ("git@github.com:shop/app.git", None, ""),
    ],
)
def test_where_the_commit_is_shown(url: str, provider: str | None, page: str) -> None:
    """The address of the commit's page is told where it is known, without a user."""
    assert _commit_page(url, provider, "c0") == page
