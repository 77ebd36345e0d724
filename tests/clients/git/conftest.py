"""A repository, a server for it, and a client with a data folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient, GitOptions
from tests.servers.git import Repository, RunningGit, make_repository, running_git

OPTIONS = GitOptions(allow_file_urls=True, retry_pause=0.01)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with a few files."""
    files = {f"apps/{app}/values.yaml": f"app: {app}\nimage: x:1\nend: 1\n" for app in "abc"}
    return make_repository(tmp_path / "remotes" / "shop.git", files)


@pytest.fixture
async def served(repository: Repository) -> AsyncIterator[RunningGit]:
    """A server that hands out that repository as `shop`."""
    async with running_git(repository.path.parent) as running:
        yield running


@pytest.fixture
def client(tmp_path: Path) -> Iterator[GitClient]:
    """A client, with short pauses."""
    made = GitClient(tmp_path / "data", OPTIONS)
    yield made
    made.close()
