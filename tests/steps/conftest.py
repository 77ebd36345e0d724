"""Steps on a workspace of their own, with real git below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.kinds import StepContext, StepResult
from activities.steps import STEPS
from activities.workspace import Workspace
from ferryman.clients.git import GitClient, GitOptions
from ferryman.domain.ports import Credential, GitAuthor, GitRemote
from tests.servers.git import Repository, make_repository

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FERRYMAN = GitAuthor("Ferryman", "no-reply@ferryman.dev")
VALUES = 'app: shop\nimage:\n  tag: "1.0"  # ours\nreplicas: 1\n'
PINNED = {"path": "./src", "branch": "main"}


@dataclass
class Steps:
    """Runs the steps of one Promotion, one after the other."""

    git: GitClient
    workspace: Workspace
    credential: Credential | None = None
    fenced: Exception | None = None
    """Raised at the fence, while there is one."""
    asked: int = 0
    """How often an effect has looked whether it may."""
    secrets: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    done: int = 0

    async def run(
        self,
        kind: str,
        config: Mapping[str, Any],
        *,
        pins: Mapping[str, Any] | None = None,
        replay: bool = False,
    ) -> StepResult:
        """Run the next step; with `pins`, as when it is run again."""
        self.done += 1
        step = STEPS[kind]
        act = (step.replay if replay else None) or step.run
        return await act(step.config.load(config), self._context(pins or {}))

    async def clone(self, repository: Repository, **more: Any) -> StepResult:
        """Check `main` out into ./src."""
        url = repository.file_remote().url
        return await self.run("git-clone", {"repoURL": url, "checkout": [PINNED], **more})

    async def update(self, value: Any = "1.1", path: str = "./src/values.yaml") -> StepResult:
        """Set the image's tag."""
        updates = [{"key": "image.tag", "value": value}]
        return await self.run("yaml-update", {"path": path, "updates": updates})

    async def commit(self, message: str = "Promote", **more: Any) -> StepResult:
        """Commit what is in ./src."""
        return await self.run("git-commit", {"path": "./src", "message": message}, **more)

    def text(self, path: str = "src/values.yaml") -> str:
        """A file on disk."""
        return (self.workspace.root / path).read_text()

    def _context(self, pins: Mapping[str, Any]) -> StepContext:
        return StepContext(
            project="shop",
            stage="dev",
            promotion="dev.x.y",
            path=str(self.done),
            now=NOW,
            workspace=self.workspace,
            git=self.git,
            remotes=self._remote,
            author=FERRYMAN,
            fence=self._fence,
            pins=pins,
            log=self.lines.append,
            scrub=self._scrub,
        )

    async def _remote(self, url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
        return GitRemote(url, self.credential, insecure_skip_tls_verify, scope="shop/git")

    async def _fence(self) -> None:
        self.asked += 1
        if self.fenced:
            raise self.fenced

    def _scrub(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one file of values."""
    return make_repository(tmp_path / "remotes" / "shop.git", {"values.yaml": VALUES})


@pytest.fixture
def git(tmp_path: Path) -> Iterator[GitClient]:
    """Real git, with short pauses."""
    options = GitOptions(author=FERRYMAN, allow_file_urls=True, retry_pause=0.01)
    client = GitClient(tmp_path / "data", options)
    yield client
    client.close()


@pytest.fixture
def steps(git: GitClient, tmp_path: Path) -> Steps:
    """The steps of a Promotion that has just begun."""
    workspace = Workspace(tmp_path / "work")
    workspace.begin("1")
    return Steps(git, workspace)
