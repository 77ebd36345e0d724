"""An installation whose every process may be struck: Temporal, API, two workers, PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from ferryman.settings import RegistrySettings, Settings, new_key
from ferryman.storage.database import Database
from server.folder import DataFolder
from server.parts import api_program, api_url, worker_program
from server.program import Program
from server.setup import set_up
from server.temporal import embedded_address, temporal_program
from tests.chaos.journal import Journal
from tests.chaos.parts import Part
from tests.chaos.postgres import postgres_program, url_at
from tests.ports import fresh_port

TOKEN = "chaos-admin"  # of a server that lives for one run
WORKERS = ("worker-1", "worker-2")
_TREES = ("mirrors", "checkouts", "work", "git", "worker-id")


@dataclass
class Installation:
    """All of it; each part has its own process and log."""

    folder: Path
    settings: Settings
    database: Database
    journal: Journal
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return api_url(self.settings)

    def worker_id(self, name: str) -> str:
        """How the worker with that process calls itself; "" before it has said so."""
        path = self.folder / name / "worker-id"
        return path.read_text().strip() if path.exists() else ""

    def lose_disk(self, name: str) -> None:
        """Remove all that a worker can do without."""
        for each in _TREES:
            path = self.folder / name / each
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@asynccontextmanager
async def installed(
    folder: Path, registry_mirrors: dict[str, str], *, postgres: bool
) -> AsyncIterator[Installation]:
    """Bring it up, and keep every part up, while the block lasts."""
    (folder / "logs").mkdir(parents=True)
    database_port = fresh_port()
    database_url = url_at(database_port) if postgres else f"sqlite:///{folder}/ferryman.db"
    settings = Settings(
        data=folder / "setup",
        database_url=database_url,
        encryption_key=SecretStr(new_key()),
        admin_token=SecretStr(TOKEN),
        port=fresh_port(),
        temporal_port=fresh_port(),
        temporal_ui_port=fresh_port(),
        registry=RegistrySettings(mirrors=registry_mirrors),
    )
    temporal = temporal_program(settings, DataFolder(folder))
    settings = settings.model_copy(update={"temporal": embedded_address(settings)})
    database = Database(database_url)
    installation = Installation(folder, settings, database, Journal(database))
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as keepers:
        keeping: list[asyncio.Task[None]] = []

        async def bring_up(*programs: Program) -> None:
            for program in programs:
                part = Part(program, folder / "logs")
                installation.parts[part.name] = part
                keeping.append(keepers.create_task(part.keep()))
            await asyncio.gather(*(installation.parts[p.name].ready() for p in programs))

        try:
            if postgres:
                await bring_up(stack.enter_context(postgres_program(database_port)))
            await bring_up(temporal)
            await set_up(settings)
            await installation.journal.begin()
            keeping.append(keepers.create_task(installation.journal.follow()))
            await bring_up(api_program(settings), *(_worker(settings, w) for w in WORKERS))
            yield installation
        finally:
            await database.close()
            for task in keeping:
                task.cancel()


def _worker(settings: Settings, name: str) -> Program:
    """One of the workers, on a disk of its own."""
    own = settings.model_copy(update={"data": settings.data.with_name(name)})
    program = worker_program(own)
    return Program(name, program.argv, program.env, program.ready)
