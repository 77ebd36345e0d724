"""What repositories of charts have, asked once for all who subscribe to a chart there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from activities import tag_pages
from activities.polling import Polling
from ferryman.domain.ports import ChartIndex, ChartRepository, Charts
from ferryman.domain.source import Need, Source
from ferryman.domain.urls import without_userinfo


@dataclass(frozen=True)
class PolledCharts:
    """Implements the port `Charts` for one look."""

    charts: Charts
    polling: Polling
    need: Need

    async def index(
        self, repository: ChartRepository, _known: ChartIndex | None = None
    ) -> ChartIndex:
        """What a repository has."""

        async def ask(known: Any) -> Any:
            before = _index(known) if known else None
            shown = _plain(await self.charts.index(repository, before))
            return known if shown == known else shown

        return _index(await self.polling.see(_source(repository), self.need, ask))


def _source(repository: ChartRepository) -> Source:
    credential = repository.credential
    viewer = credential.identity if credential else ()
    tls = "unverified" if repository.insecure_skip_tls_verify else ""
    url = without_userinfo(repository.url)
    return Source("chart", url, (repository.url.rstrip("/"), tls, *viewer))


def _plain(index: ChartIndex) -> dict[str, Any]:
    return {
        "versions": {name: list(versions) for name, versions in index.versions.items()},
        "etag": index.etag,
        "last_modified": index.last_modified,
        "pages": tag_pages.plain(index.pages),
    }


def _index(content: Any) -> ChartIndex:
    pages = tag_pages.pages_of(content.get("pages", ()))
    return ChartIndex(**content | {"pages": pages})
