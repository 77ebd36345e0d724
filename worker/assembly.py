"""The composition root: which ports a worker grants to what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from activities.control import Control
from activities.credentials import Credentials
from activities.discovery import Discovery
from activities.generic_discovery import GenericDiscovery
from activities.polling import Polling
from activities.slots import Slots
from activities.sources import Sources
from activities.step_activities import step_activities
from activities.step_runner import StepRunner
from activities.steps import STEPS
from activities.survey import Survey
from activities.sweeping import Sweeping
from ferryman.clients.charts import ChartOptions, HelmCharts
from ferryman.clients.cloud_tokens import CloudTokens
from ferryman.clients.git import GitClient, GitOptions
from ferryman.clients.github_app import AppTokens
from ferryman.clients.registry import (
    HttpRegistry,
    LayeredCache,
    MemoryManifestCache,
    RegistryOptions,
)
from ferryman.clients.subscription_kinds import SourceOptions, SubscriptionSources
from ferryman.clients.tools import Programs, ToolClient, ToolOptions
from ferryman.domain import names
from ferryman.domain.ports import GitAuthor
from ferryman.settings import Settings, proxies
from ferryman.storage.database import Database
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from starter.lost import Lost
from starter.nudges import TemporalNudges
from worker.homecoming import Homecoming
from worker.identity import process_identity, worker_id
from worker.janitor import Janitor


@dataclass(frozen=True)
class Assembly:
    """Everything that a worker process runs."""

    worker: str
    identity: str
    """Of this process, to Temporal."""
    store: Store
    nudges: TemporalNudges
    registry: HttpRegistry
    charts: HelmCharts
    tokens: AppTokens
    clouds: CloudTokens
    own_types: SubscriptionSources
    janitor: Janitor
    homecoming: Homecoming
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
        await self.charts.aclose()
        await self.own_types.aclose()
        await self.tokens.aclose()
        await self.clouds.aclose()
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
    git_settings = settings.git
    author = GitAuthor(
        git_settings.author_name, git_settings.author_email, git_settings.signing_key()
    )
    git = GitClient(settings.data, _git_options(settings, author))
    registry = HttpRegistry(
        _registry_options(settings), cache=LayeredCache(MemoryManifestCache(), store.documents)
    )
    charts = HelmCharts(registry, _chart_options(settings))
    tokens = AppTokens(
        ca_file=settings.git.ca_file, allow_http=settings.git.allow_credentials_over_http
    )
    clouds = CloudTokens()
    shared = settings.credentials.shared_projects
    credentials = Credentials(store.resources, tokens=tokens, clouds=clouds, shared=shared)
    worker = worker_id(settings.data)
    identity = process_identity(worker)
    workspaces = settings.data / "work"
    runner = StepRunner(
        store=store,
        kinds=STEPS,
        git=git,
        tools=_tools(settings),
        credentials=credentials,
        workspaces=workspaces,
        author=author,
        secrets_project=settings.webhooks.secrets_project,
        shared_projects=shared,
        worker=worker,
        queue=names.worker_queue(worker),
        slots=Slots(settings.worker.steps_at_once),
        clock=lambda: datetime.now(UTC),
    )
    control = Control(store, nudges, STEPS)
    sweeping = Sweeping(store, nudges, settings.discovery.minimum_interval, shared)
    polling = Polling(store.sources, worker, clock=lambda: datetime.now(UTC))
    own_types = SubscriptionSources(_source_options(settings))
    generic = GenericDiscovery(store.resources, own_types, shared)
    sources = Sources(registry, git.history, charts, credentials, polling, generic=generic)
    survey = Survey(sources, minimum_interval=settings.discovery.minimum_interval)
    discovery = Discovery(store, nudges, survey)
    return Assembly(
        worker=worker,
        identity=identity,
        store=store,
        nudges=nudges,
        registry=registry,
        charts=charts,
        tokens=tokens,
        clouds=clouds,
        own_types=own_types,
        janitor=Janitor(store, git, workspaces),
        homecoming=Homecoming(store.promotions, Lost(client), worker=worker, identity=identity),
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


def _tools(settings: Settings) -> ToolClient:
    options = ToolOptions(
        timeout=settings.tools.timeout.total_seconds(),
        allow_credentials_over_http=settings.registry.allow_credentials_over_http,
    )
    folder = settings.tools_folder()
    return ToolClient(folder / "runs", Programs(folder), options)


def _git_options(settings: Settings, author: GitAuthor) -> GitOptions:
    git = settings.git
    return GitOptions(
        author=author,
        allow_credentials_over_http=git.allow_credentials_over_http,
        allow_file_urls=git.allow_file_urls,
        remote_timeout=git.timeout.total_seconds(),
        integration=git.push_integration_policy,
        group_commit=git.group_commit,
        mirrors_max_bytes=git.mirrors_max_bytes,
        ca_file=git.ca_file,
        proxies=proxies(),
    )


def _chart_options(settings: Settings) -> ChartOptions:
    return ChartOptions(allow_credentials_over_http=settings.registry.allow_credentials_over_http)


def _source_options(settings: Settings) -> SourceOptions:
    return SourceOptions(
        programs=settings.subscriptions.programs,
        longest=settings.subscriptions.timeout,
        environment=proxies(),
    )


def _registry_options(settings: Settings) -> RegistryOptions:
    registry = settings.registry
    return RegistryOptions(
        mirrors=registry.mirrors,
        allow_credentials_over_http=registry.allow_credentials_over_http,
        requests_per_second=registry.requests_per_second,
        requests_per_second_per_host=registry.requests_per_second_per_host,
        burst=registry.burst,
        connections_per_host=registry.connections_per_host,
        timeout=registry.timeout.total_seconds(),
    )
