"""Sources: looks at one subscription, whatever its type, as the Project may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from activities.chart_discovery import discover_charts
from activities.credentials import Credentials
from activities.generic_discovery import GenericDiscovery
from activities.git_discovery import FoundCommits, discover_commits
from activities.image_discovery import discover_images
from activities.polled_charts import PolledCharts
from activities.polled_history import PolledHistory
from activities.polled_images import PolledImages
from activities.polling import Polling
from activities.tag_digests import TagDigests
from activities.unmatched import explaining
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import Charts, History, Registry
from ferryman.domain.source import Need
from ferryman.domain.warehouse import (
    ChartSubscription,
    Finding,
    GitDiscovery,
    GitSubscription,
    ImageSubscription,
    Subscription,
)


@dataclass(frozen=True)
class Looked:
    """What a look at a subscription found, and the git refs at which it found it, as a hash."""

    finding: Finding
    refs: str = ""
    left_out: Sequence[str] = ()
    """Sentences about what could not be read, and is missing from the findings."""


@dataclass(frozen=True)
class Sources:
    """What there is to subscribe to."""

    registry: Registry
    history: History
    charts: Charts
    credentials: Credentials
    polling: Polling
    digests: TagDigests = field(default_factory=TagDigests)
    generic: GenericDiscovery | None = None
    """Types of the user's own; None: there are none."""

    async def look(
        self, project: str, subscription: Subscription, known: Looked | None, need: Need
    ) -> Looked:
        """What the subscription's source offers, as new as is needed; raises FerrymanErrors.

        `known` is what it offered when it was last looked at.
        """
        if subscription.git:
            return await self._git(project, subscription, subscription.git, known, need)
        if subscription.image:
            return await self._image(project, subscription, subscription.image, need)
        if subscription.chart:
            return await self._chart(project, subscription, subscription.chart, need)
        if self.generic:
            return Looked(await self.generic.discover(project, subscription))
        raise PermanentError(f"{subscription.type} subscriptions are not supported yet")

    async def _git(
        self,
        project: str,
        subscription: Subscription,
        wanted: GitSubscription,
        known: Looked | None,
        need: Need,
    ) -> Looked:
        remote = await self.credentials.git(
            project, wanted.repo_url, insecure_skip_tls_verify=wanted.insecure_skip_tls_verify
        )
        before = (
            FoundCommits(known.finding, known.refs)
            if known and isinstance(known.finding, GitDiscovery)
            else None
        )
        history = PolledHistory(self.history, self.polling, need)
        with explaining([remote]):
            found = await discover_commits(history, remote, subscription, before)
        return Looked(found.discovery, found.refs)

    async def _image(
        self, project: str, subscription: Subscription, wanted: ImageSubscription, need: Need
    ) -> Looked:
        repository = await self.credentials.image(
            project,
            wanted.repo_url,
            insecure_skip_tls_verify=wanted.insecure_skip_tls_verify,
        )
        images = PolledImages(
            self.registry,
            self.polling,
            self.digests,
            repository,
            need,
            by_tag=wanted.cache_by_tag and wanted.image_selection_strategy != "Digest",
        )
        try:
            with explaining([repository]):
                found = await discover_images(images, repository, subscription)
        finally:
            await images.remember()
        return Looked(found.discovery, left_out=found.left_out)

    async def _chart(
        self, project: str, subscription: Subscription, wanted: ChartSubscription, need: Need
    ) -> Looked:
        repository = replace(
            await self.credentials.chart(project, wanted.repo_url, wanted.name),
            insecure_skip_tls_verify=wanted.insecure_skip_tls_verify,
        )
        charts = PolledCharts(self.charts, self.polling, need)
        with explaining([repository]):
            return Looked(await discover_charts(charts, repository, subscription))
