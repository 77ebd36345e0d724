"""Discovery of commits in a real repository: which are found, and what that costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.warehouse import DiscoveredCommit
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.servers.git import CREDENTIAL, Repository, RunningGit, make_repository, running_git

PERSON = "Other <other@example.com>"


@pytest.fixture
def app(tmp_path: Path) -> Repository:
    """The repository of an app."""
    return make_repository(tmp_path / "remotes" / "app.git")


@pytest.fixture
async def git(app: Repository) -> AsyncIterator[RunningGit]:
    """A server with a password that hands it out."""
    async with running_git(app.path.parent) as running:
        yield running


@pytest.fixture
async def lookout(crew: Crew, git: RunningGit, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers, with the server's password."""
    async with lookout_for(crew, tmp_path) as made:
        await made.allow("git", git.url, CREDENTIAL.username, CREDENTIAL.password)
        yield made


def subscription(git: RunningGit, **more: Any) -> dict[str, Any]:
    """A subscription to the app's repository."""
    return {"git": {"repoURL": f"{git.url}/app.git", **more}}


async def commits(lookout: Lookout) -> tuple[DiscoveredCommit, ...]:
    """Discover once; what was found."""
    await lookout.discover()
    assert await lookout.condition() == ("True", "")
    return (await lookout.found()).git[0].commits


def requests(git: RunningGit) -> int:
    """How often the server was asked."""
    return sum(git.server.requests.values())


async def test_freight(lookout: Lookout, git: RunningGit, app: Repository) -> None:
    """The newest commit of the default branch becomes Freight, with what people want to know."""
    newest = app.commit({"main.go": "package main\n"}, "Sail\n\nFar away.")
    await lookout.declare(subscription(git))
    freight = await lookout.freight(await lookout.discover())
    (commit,) = freight.commits
    assert (commit.repo_url, commit.id) == (f"{git.url}/app.git", newest)
    assert (commit.branch, commit.tag, commit.message) == ("main", "", "Sail")
    assert commit.author == commit.committer == PERSON


async def test_nothing_new_is_one_question(
    lookout: Lookout, git: RunningGit, app: Repository
) -> None:
    """While the branch stands where it stood, a look is one ls-remote, also on a new worker."""
    await lookout.declare(subscription(git))
    first = await commits(lookout)
    before = requests(git)
    assert await commits(lookout) == first
    asked = requests(git) - before
    assert asked == 2  # the protocol's version, then the ref
    app.commit({"x": "1"}, branch="other")
    before = requests(git)
    assert await commits(lookout) == first
    assert requests(git) - before == asked


async def test_another_subscription_looks_afresh(
    lookout: Lookout, git: RunningGit, app: Repository
) -> None:
    """What was found for what was declared earlier does not answer what is declared now."""
    app.commit({"docs/x": "1"}, "Docs")
    await lookout.declare(subscription(git))
    assert (await commits(lookout))[0].subject == "Docs"
    await lookout.declare(subscription(git, excludePaths=["docs"]))
    assert (await commits(lookout))[0].subject == "First"
    await lookout.declare(subscription(git, includePaths=["none"]))
    message = (await lookout.discover()).message
    assert message == f"no commit of {git.url}/app.git fits what warehouse app asks for"


async def test_other_tags_cost_nothing(lookout: Lookout, git: RunningGit, app: Repository) -> None:
    """Tags that the rule does not accept may come and go: a look stays one question."""
    app.git("tag", "v1.0.0")
    await lookout.declare(subscription(git, commitSelectionStrategy="SemVer"))
    first = await commits(lookout)
    before = requests(git)
    app.git("tag", "build-77")
    assert await commits(lookout) == first
    assert requests(git) - before == 2
    app.git("tag", "v1.1.0")
    assert (await commits(lookout))[0].tag == "v1.1.0"
    app.git("tag", "-d", "v1.1.0")
    assert await commits(lookout) == first


async def test_an_expression_that_fails(lookout: Lookout, git: RunningGit) -> None:
    """A filter that cannot be evaluated is the subscription's trouble, shown with its place."""
    await lookout.declare(subscription(git, expressionFilter="author + 1 == 2"))
    message = (await lookout.discover()).message
    assert message.startswith(f"git {git.url}/app.git: expressionFilter: ")
    assert "next attempt at" in message


async def test_the_mirror_of_promotions(lookout: Lookout, git: RunningGit, tmp_path: Path) -> None:
    """Commits are read from the one mirror that checkouts are made from."""
    await lookout.declare(subscription(git))
    await commits(lookout)
    assert len(list((tmp_path / "data/mirrors").glob("*.git"))) == 1
