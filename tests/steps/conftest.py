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
from ferryman.clients.tools import Programs, ToolClient
from ferryman.domain.freight import FreightReference
from ferryman.domain.ports import ChartRepository, Credential, GitAuthor, GitRemote
from tests.servers.git import Repository, make_repository
from tests.servers.tools import tools_folder

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FERRYMAN = GitAuthor("Ferryman", "no-reply@ferryman.dev")
VALUES = 'app: shop\nimage:\n  tag: "1.0"  # ours\nreplicas: 1\n'
PINNED = {"path": "./src", "branch": "main"}


@dataclass
class Steps:
    """Runs the steps of one Promotion, one after the other."""

    git: GitClient
    tools: ToolClient
    workspace: Workspace
    credential: Credential | None = None
    author: GitAuthor = FERRYMAN
    fenced: Exception | None = None
    """Raised at the fence, while there is one."""
    asked: int = 0
    """How often an effect has looked whether it may."""
    secrets: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    freight: tuple[FreightReference, ...] = ()
    configs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The config of each step so far, by its path."""
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
        self.configs[str(self.done)] = config
        step = STEPS[kind]
        act = (step.replay if replay else None) or step.run
        return await act(step.config.load(config), self._context(pins or {}))

    async def clone(
        self, repository: Repository, *, pins: Mapping[str, Any] | None = None, **more: Any
    ) -> StepResult:
        """Check `main` out into ./src."""
        url = repository.file_remote().url
        config = {"repoURL": url, "checkout": [PINNED], **more}
        return await self.run("git-clone", config, pins=pins)

    async def update(self, value: Any = "1.1", path: str = "./src/values.yaml") -> StepResult:
        """Set the image's tag."""
        updates = [{"key": "image.tag", "value": value}]
        return await self.run("yaml-update", {"path": path, "updates": updates})

    async def commit(
        self, message: str = "Promote", *, pins: Mapping[str, Any] | None = None, **more: Any
    ) -> StepResult:
        """Commit what is in ./src."""
        config = {"path": "./src", "message": message, **more}
        return await self.run("git-commit", config, pins=pins)

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
            tools=self.tools,
            charts=self._chart,
            author=self.author,
            fence=self._fence,
            pins=pins,
            log=self.lines.append,
            freight=self.freight,
            config_of=self.configs.__getitem__,
            scrub=self._scrub,
        )

    async def _remote(self, url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
        return GitRemote(url, self.credential, insecure_skip_tls_verify, scope="shop/git")

    async def _chart(self, url: str, name: str = "") -> ChartRepository:
        return ChartRepository(url, name, self.credential)

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
    tools = ToolClient(tmp_path / "runs", Programs(tools_folder()))
    return Steps(git, tools, workspace)
