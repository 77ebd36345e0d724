"""A whole Ferryman, a real registry, and a real git server with a password that can be held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.demo.git_server import GitServer
from server.demo.images import push_image
from tests.e2e.installation import Installation
from tests.servers.asgi import serving
from tests.servers.git import CREDENTIAL, Repository, make_repository
from tests.servers.registry import RunningRegistry, running_registry
from tests.servers.turnstile import Turnstile

VALUES = "# {stage}\nreplicaCount: 1\nimage:\n  repository: ealen/echo-server\n  tag: 0.5.0 # now\n"


@dataclass
class World:
    """What the user has: Ferryman, a registry, a GitOps repository behind a password."""

    ferryman: Installation
    registry: RunningRegistry
    repository: Repository
    repo_url: str
    turnstile: Turnstile

    async def push_image(self, tag: str) -> None:
        """Release a version."""
        async with self.registry.pusher() as pusher:
            await push_image(pusher, self.registry.url, "ealen/echo-server", tag, datetime.now(UTC))

    def commits(self) -> list[str]:
        """Every commit on master after the first, oldest first."""
        log = self.repository.git("rev-list", "--reverse", "--first-parent", "master").split()
        return log[1:]

    def secret(self) -> str:
        """The credential, as a manifest."""
        return f"""
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: echo-server
  labels: {{kargo.akuity.io/cred-type: git}}
stringData:
  repoURL: {self.repo_url}
  username: {CREDENTIAL.username}
  password: "{CREDENTIAL.password}"
"""


@pytest.fixture
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Which store: SQLite in the data folder, unless a test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return {}
    url: str = request.getfixturevalue("postgres_url")
    return {"FERRYMAN_DATABASE_URL": url}


@pytest.fixture
async def world(tmp_path: Path, database: dict[str, str]) -> AsyncIterator[World]:
    """All of it, running."""
    repositories = tmp_path / "git"
    repositories.mkdir()
    files = {
        f"snippets/02-kargo/app/{stage}.yaml": VALUES.format(stage=stage)
        for stage in ("development", "staging", "production")
    }
    repository = make_repository(repositories / "blog.git", files)
    repository.git("branch", "-m", "main", "master")
    repository.git("symbolic-ref", "HEAD", "refs/heads/master")
    turnstile = Turnstile(GitServer(repositories, {CREDENTIAL.username: CREDENTIAL.password}).app)
    with running_registry(tmp_path) as registry:
        async with serving(turnstile) as url:
            mirrors = f'{{"mirrors": {{"docker.io": "{registry.url}"}}}}'
            ferryman = Installation(tmp_path, {"FERRYMAN_REGISTRY": mirrors} | database)
            try:
                await ferryman.start()
                yield World(ferryman, registry, repository, f"{url}/blog.git", turnstile)
            finally:
                ferryman.stop()
