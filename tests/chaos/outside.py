"""The world outside: a git server that counts, and a registry; each at the end of a line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.demo.git_server import GitServer
from server.demo.images import push_image
from tests.chaos import pipelines
from tests.chaos.line import Line, line_to
from tests.servers.asgi import serving
from tests.servers.git import CREDENTIAL, Repository, make_repository
from tests.servers.registry import RunningRegistry, running_registry
from tests.servers.turnstile import Turnstile

REPOSITORIES = (*pipelines.PROJECTS, "watched")
_COUNTING = 'while read -r old new ref; do echo "$old $new $ref" >>moves; done'


@dataclass(frozen=True)
class Move:
    """A ref that was moved by a push, as the server saw it."""

    old: str
    new: str
    ref: str


@dataclass(frozen=True)
class Outside:
    """What Ferryman reaches over the network."""

    repositories: Mapping[str, Repository]
    turnstile: Turnstile
    git: Line
    registry: Line
    _registry: RunningRegistry

    def credential(self, repository: str) -> dict[str, str]:
        """Where a repository is, and who may use it, as the manifests name them."""
        return {
            "URL": f"http://{self.git.host}/{repository}.git",
            "USER": CREDENTIAL.username,
            "PASSWORD": CREDENTIAL.password,
        }

    def moves(self, repository: str) -> list[Move]:
        """Every move of a ref, in order."""
        path = self.repositories[repository].path / "moves"
        lines = path.read_text().splitlines() if path.exists() else []
        return [Move(*line.split(" ", 2)) for line in lines]

    async def release(self, tag: str) -> None:
        """Push an image, not over the line."""
        async with self._registry.pusher() as pusher:
            url = self._registry.url
            await push_image(pusher, url, pipelines.IMAGE, tag, datetime.now(UTC))


@asynccontextmanager
async def outside(folder: Path) -> AsyncIterator[Outside]:
    """Run both servers while the block lasts."""
    root = folder / "git"
    root.mkdir(parents=True)
    repositories = {}
    for name in REPOSITORIES:
        repositories[name] = make_repository(root / f"{name}.git", pipelines.files())
        repositories[name].hook("post-receive", _COUNTING)
    turnstile = Turnstile(GitServer(root, {CREDENTIAL.username: CREDENTIAL.password}).app)
    with running_registry(folder) as registry:
        async with (
            serving(turnstile) as git_url,
            line_to(git_url) as git,
            line_to(registry.url) as images,
        ):
            yield Outside(repositories, turnstile, git, images, registry)
