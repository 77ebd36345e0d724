"""The composition root: which ports a worker grants to what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from activities.control import Control
from activities.credentials import Credentials
from activities.discovery import Discovery
from activities.step_activities import step_activities
from activities.step_runner import StepRunner
from activities.steps import STEPS
from activities.sweeping import Sweeping
from ferryman.clients.git import GitClient, GitOptions
from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain import names
from ferryman.domain.ports import GitAuthor
from ferryman.settings import Settings
from ferryman.storage.database import Database
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from starter.nudges import TemporalNudges
from worker.identity import worker_id
from worker.janitor import Janitor


@dataclass(frozen=True)
class Assembly:
    """Everything that a worker process runs."""

    worker: str
    store: Store
    nudges: TemporalNudges
    registry: HttpRegistry
    janitor: Janitor
    control: list[Callable[..., Any]]
    """Activities that any worker may do."""
    steps: list[Callable[..., Any]]
    """Activities for the shared queue, the shards' and the worker's own."""

    @property
    def own_queue(self) -> str:
        """Where steps that need this worker's disk are picked up."""
        return names.worker_queue(self.worker)

    async def close(self) -> None:
        """Give back what is open."""
        await self.registry.aclose()
        await self.store.close()


def assemble(settings: Settings, client: Client) -> Assembly:
    """Build a worker's parts; nothing runs yet."""
    store = Store(
        Database(settings.store_url()),
        Vault(*settings.keys()),
        proof_required=settings.decisions_need_proof,
    )
    nudges = TemporalNudges(client)
    author = GitAuthor(settings.git.author_name, settings.git.author_email)
    git = GitClient(settings.data, _git_options(settings, author))
    registry = HttpRegistry(_registry_options(settings))
    credentials = Credentials(store.resources)
    worker = worker_id(settings.data)
    workspaces = settings.data / "work"
    runner = StepRunner(
        store=store,
        kinds=STEPS,
        git=git,
        credentials=credentials,
        workspaces=workspaces,
        author=author,
        worker=worker,
        queue=names.worker_queue(worker),
        slots=asyncio.Semaphore(settings.worker.steps_at_once),
        clock=lambda: datetime.now(UTC),
    )
    control = Control(store, nudges, STEPS)
    sweeping = Sweeping(store, nudges, settings.discovery.minimum_interval)
    discovery = Discovery(store, nudges, registry, credentials)
    return Assembly(
        worker=worker,
        store=store,
        nudges=nudges,
        registry=registry,
        janitor=Janitor(store, git, workspaces),
        control=[
            control.decide,
            control.admit,
            control.settle,
            control.record_decision,
            control.promote,
            control.await_promotion,
            discovery.discover,
            sweeping.sweep,
        ],
        steps=step_activities(runner),
    )


def _git_options(settings: Settings, author: GitAuthor) -> GitOptions:
    git = settings.git
    return GitOptions(
        author=author,
        allow_credentials_over_http=git.allow_credentials_over_http,
        allow_file_urls=git.allow_file_urls,
        remote_timeout=git.timeout.total_seconds(),
    )


def _registry_options(settings: Settings) -> RegistryOptions:
    registry = settings.registry
    return RegistryOptions(
        mirrors=registry.mirrors,
        allow_credentials_over_http=registry.allow_credentials_over_http,
        requests_per_second=registry.requests_per_second,
        connections_per_host=registry.connections_per_host,
        timeout=registry.timeout.total_seconds(),
    )
