"""A lookout: discovers for one Warehouse, from whatever sources a test has running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from temporalio.testing import ActivityEnvironment

from activities.credentials import Credentials
from activities.discovery import Discovery
from activities.polling import Polling
from activities.sources import Sources
from activities.survey import Survey
from ferryman.clients.charts import ChartOptions, HelmCharts
from ferryman.clients.git import GitClient, GitOptions
from ferryman.clients.registry import (
    HttpRegistry,
    LayeredCache,
    MemoryManifestCache,
    RegistryOptions,
)
from ferryman.domain.freight import Freight
from ferryman.domain.plan import DiscoveryOutcome, Moment
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.domain.warehouse import DiscoveredArtifacts, SubscriptionStatus, Warehouse
from tests.crew import Crew
from tests.fakes.nudges import RecordingNudges
from tests.pipelines import PROJECT, project, stage

MANIFEST_LIMIT = 4000
PATIENCE = 0.5
"""Seconds that a look waits for another's answer."""


class Lookout:
    """Discovers for the Warehouse `app`."""

    def __init__(
        self,
        crew: Crew,
        registry: HttpRegistry,
        git: GitClient,
        charts: HelmCharts,
        worker: str = "w1",
    ) -> None:
        self.crew = crew
        self.nudges = RecordingNudges()
        self.registry = registry
        credentials = Credentials(crew.store.resources)
        self.polling = Polling(
            crew.store.sources,
            worker,
            clock=lambda: crew.now,
            spread=(1.0, 1.0),
            patience=PATIENCE,
        )
        sources = Sources(registry, git.history, charts, credentials, self.polling)
        survey = Survey(sources, spread=(1.0, 1.0))
        self._discovery = Discovery(crew.store, self.nudges, survey)

    def grant(self, **ports: Any) -> None:
        """Look through other ports than those of the outset: credentials, for instance."""
        survey = self._discovery.survey
        sources = replace(survey.sources, **ports)
        self._discovery = replace(self._discovery, survey=replace(survey, sources=sources))

    async def declare(self, *subscriptions: dict[str, Any], name: str = "app", **spec: Any) -> None:
        """A Warehouse with these subscriptions, and two Stages that take what `app` has."""
        await self.crew.declare(
            project(),
            Warehouse(
                metadata=Metadata(name=name, namespace=PROJECT),
                spec={"subscriptions": subscriptions, **spec},
            ),
            stage("dev"),
            stage("prod", "dev"),
        )

    async def allow(self, cred_type: str, url: str, username: str, password: str) -> None:
        """A credential for every repository below `url`."""
        metadata = Metadata(name=cred_type, namespace=PROJECT, labels={CRED_TYPE: cred_type})
        pattern = {"repoURL": f"^{url}.*", "repoURLIsRegex": "true"}
        data = {**pattern, "username": username, "password": password}
        await self.crew.declare(project(), Secret(metadata=metadata, data=data))

    async def discover(self, name: str = "app", *, scheduled: bool = False) -> DiscoveryOutcome:
        """Discover once: because somebody asked, or because it was time to."""
        now = self.crew.later()
        moment = Moment(project=PROJECT, name=name, now=now, asked=not scheduled)
        running = ActivityEnvironment().run(self._discovery.discover, moment)
        outcome: DiscoveryOutcome = await running
        return outcome

    async def freight(self, outcome: DiscoveryOutcome) -> Freight:
        """What was minted."""
        assert outcome.created, outcome.message
        return await self.crew.store.freight.get(PROJECT, outcome.freight)

    async def condition(self, kind: str = "Healthy") -> tuple[str, str]:
        """A condition's status and message; nothing where there is none."""
        conditions = (await self.warehouse()).status.conditions
        return next(((c.status, c.message) for c in conditions if c.type == kind), ("", ""))

    async def found(self) -> DiscoveredArtifacts:
        """What is shown of the last discovery."""
        found = (await self.warehouse()).status.discovered_artifacts
        assert found
        return found

    async def status(self, index: int = 0) -> SubscriptionStatus:
        """How a subscription fares."""
        return (await self.warehouse()).status.subscriptions[index]

    async def warehouse(self) -> Warehouse:
        """It, as it is now."""
        return await self.crew.store.resources.get(Warehouse, PROJECT, "app")


QUICK = RegistryOptions(
    first_pause=0.01,
    requests_per_second=None,
    requests_per_second_per_host=None,
    read_timeout=1.0,
    max_document_bytes=MANIFEST_LIMIT,
)
"""Short pauses, so that tests of failures are quick, and no rates."""


@asynccontextmanager
async def lookout_for(
    crew: Crew,
    folder: Path,
    on_request: Callable[[httpx.Request], None] | None = None,
    options: RegistryOptions = QUICK,
) -> AsyncIterator[Lookout]:
    """A lookout with clients of its own; `on_request` sees what is asked of chart repositories."""
    cache = LayeredCache(MemoryManifestCache(), crew.store.documents)
    git = GitClient(folder / "data", GitOptions(allow_file_urls=True))
    quick = ChartOptions(first_pause=0.01, read_timeout=1.0, timeout=2.0, max_index_bytes=100_000)
    try:
        async with (
            aclosing(HttpRegistry(options, cache=cache)) as registry,
            aclosing(HelmCharts(registry, quick, on_request=on_request)) as charts,
        ):
            yield Lookout(crew, registry, git, charts)
    finally:
        git.close()
