"""A store, a repository, and the activities over them as a worker would run them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.credentials import Credentials
from activities.kinds import StepKind
from activities.slots import Slots
from activities.step_runner import StepRunner
from activities.steps import STEPS
from ferryman.clients.git import GitClient, GitOptions
from ferryman.clients.tools import Programs, ToolClient
from ferryman.domain.placement import find, keys_of
from ferryman.domain.plan import StepCall, StepReturn
from ferryman.domain.ports import GitAuthor
from ferryman.domain.resource import Metadata, Resource
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.settings import new_key
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.retries import Retry
from ferryman.storage.steps import StepRecord
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from tests.crew import ANN, Crew
from tests.pipelines import PROJECT, freight, project, stage, warehouse
from tests.servers.git import Repository, make_repository
from tests.servers.registry import RunningRegistry, running_registry
from tests.servers.tools import tools_folder
from tests.stores import compiled_once

VALUES = 'app: shop\nimage:\n  tag: "1.0"  # ours\nreplicas: 1\n'


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store: copying it costs less than migrating each."""
    path = tmp_path_factory.mktemp("store") / "ferryman.db"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def store(template: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    path = tmp_path / "ferryman.db"
    shutil.copy(template, path)
    store = Store(compiled_once(Database(f"sqlite:///{path}")), Vault(new_key()))
    yield store
    await store.close()


@pytest.fixture
def crew(store: Store) -> Crew:
    """Who works on it."""
    return Crew(store)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one file of values."""
    return make_repository(tmp_path / "remotes" / "shop.git", {"values.yaml": VALUES})


@dataclass
class Dock:
    """Runs the steps of one Promotion, as the workflow would have them run."""

    crew: Crew
    folder: Path
    stack: ExitStack
    kinds: dict[str, StepKind[Any]] = field(default_factory=lambda: dict(STEPS))
    promotion: str = ""
    tries: int = 1
    """The Promotion's run."""
    runners: dict[str, StepRunner] = field(default_factory=dict)

    async def begin(self, *steps: Mapping[str, Any], tasks: Sequence[Resource] = ()) -> None:
        """Declare a Stage with these steps, and let a Promotion in."""
        dev = stage("dev", steps=[dict(s) for s in steps])
        await self.crew.declare(project(), warehouse(), *tasks, dev)
        await self.crew.mint(freight(1))
        self.promotion = await self.crew.promote("dev", freight(1))
        assert (await self.crew.admit(self.promotion)).state == "admitted"

    def runner(self, worker: str = "w1") -> StepRunner:
        """A worker's runner, on a disk of the worker's own."""
        if worker not in self.runners:
            data = self.folder / worker
            git = GitClient(data, GitOptions(allow_file_urls=True, retry_pause=0.01))
            self.stack.callback(git.close)
            self.runners[worker] = StepRunner(
                store=self.crew.store,
                kinds=self.kinds,
                git=git,
                tools=ToolClient(data / "runs", Programs(tools_folder())),
                credentials=Credentials(self.crew.store.resources),
                workspaces=data / "work",
                author=GitAuthor("Ferryman", "no-reply@ferryman.dev"),
                worker=worker,
                queue=f"ferryman.worker.{worker}",
                slots=Slots(2),
                clock=lambda: self.crew.now,
            )
        return self.runners[worker]

    def call(self, number: int | str = 1, *, attempt: int = 1) -> StepCall:
        """What the workflow asks."""
        return StepCall(
            project=PROJECT,
            promotion=self.promotion,
            path=str(number),
            attempt=attempt,
            now=self.crew.later(),
            run=self.tries,
        )

    async def run(
        self,
        number: int | str = 1,
        *,
        attempt: int = 1,
        worker: str = "w1",
        environment: ActivityEnvironment | None = None,
    ) -> StepReturn:
        """One attempt at a step."""
        promotion = await self.crew.promotion(self.promotion)
        keys = keys_of(promotion.status.step_execution_metadata)
        placed = find(promotion.spec.steps, keys, str(number))
        assert placed, f"there is no step {number}"
        uses = placed.step.kind
        runner, call = self.runner(worker), self.call(number, attempt=attempt)
        running = (environment or ActivityEnvironment()).run(runner.run, call, uses)
        result: StepReturn = await running
        return result

    async def retry(self, start: str = "") -> None:
        """End the Promotion as its steps did, and let it in again."""
        await self.crew.settle(self.promotion)
        wanted = Retry(ANN, start=start)
        await self.crew.store.retries.retry(PROJECT, self.promotion, wanted, now=self.crew.later())
        assert (await self.crew.admit(self.promotion)).state == "admitted"
        self.tries += 1

    async def run_all(self, *, worker: str = "w1") -> list[str]:
        """Every step once, in order; gives their statuses."""
        promotion = await self.crew.promotion(self.promotion)
        numbers = range(1, len(promotion.spec.steps) + 1)
        return [(await self.run(number, worker=worker)).status for number in numbers]

    async def record(self, number: int | str = 1) -> StepRecord:
        """What is kept of a step."""
        steps = self.crew.store.steps
        records = await steps.recorded(PROJECT, self.promotion, self.tries)
        return records[str(number)]

    async def log(self, number: int | str = 1) -> list[str]:
        """What a step has said."""
        page = await self.crew.store.logs.read(PROJECT, self.promotion, step=str(number))
        return [line.text for line in page.lines]

    def work(self, worker: str = "w1") -> Path:
        """The Promotion's folder on a worker's disk."""
        return self.folder / worker / "work" / PROJECT / self.promotion

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.crew.now += timedelta(**by)

    async def in_the_clear(self, text: str) -> list[str]:
        """The tables in which `text` can be read."""
        from ferryman.storage.tables import metadata  # noqa: PLC0415 - nothing else needs it

        found = []
        async with self.crew.store.database.read() as connection:
            for table in metadata.sorted_tables:
                rows = (await connection.execute(table.select())).all()
                if any(text in str(value) for row in rows for value in row):
                    found.append(table.name)
        return found


@pytest.fixture
def dock(crew: Crew, tmp_path: Path) -> Iterator[Dock]:
    """Where Promotions are worked on."""
    with ExitStack() as stack:
        yield Dock(crew, tmp_path, stack)


def git_secret(url: str, name: str = "repo", *, of: str = PROJECT, **data: str) -> Secret:
    """A credential for a git repository."""
    metadata = Metadata(name=name, namespace=of, labels={CRED_TYPE: "git"})
    return Secret(metadata=metadata, data={"repoURL": url, **data})


def clone(url: str) -> dict[str, Any]:
    """The step that checks `main` out into ./src."""
    checkout = [{"path": "./src", "branch": "main"}]
    return {"uses": "git-clone", "config": {"repoURL": url, "checkout": checkout}}


def update(value: Any = "1.1", **more: Any) -> dict[str, Any]:
    """The step that sets the image's tag."""
    config = {"path": "./src/values.yaml", "updates": [{"key": "image.tag", "value": value}]}
    return {"uses": "yaml-update", "as": "update", "config": config, **more}


def commit(message: str = "${{ outputs.update.commitMessage }}", **more: Any) -> dict[str, Any]:
    """The step that commits."""
    return {"uses": "git-commit", "config": {"path": "./src", "message": message}, **more}


PUSH = {"uses": "git-push", "as": "push", "config": {"path": "./src"}}


def whole(repository: Repository) -> list[dict[str, Any]]:
    """Clone, update, commit, push."""
    return [clone(repository.file_remote().url), update(), commit(), PUSH]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    """A registry that anybody may push to."""
    with running_registry(tmp_path) as registry:
        yield registry
