"""The port `Charts`: classic Helm repositories over HTTP, and charts in OCI registries.

https://helm.sh/docs/topics/chart_repository and https://helm.sh/docs/topics/registries
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import httpx

from ferryman.clients.charts.download import Downloads, Validators
from ferryman.clients.charts.index import read_index
from ferryman.clients.charts.options import ChartOptions
from ferryman.domain.errors import CredentialError
from ferryman.domain.ports import ChartIndex, ChartRepository, ImageRepository, Registry, TagPage

_OCI = "oci://"


class HelmCharts:
    """Reads what repositories of charts have; one object serves a whole worker.

    `on_request` sees every request to a classic repository. It raises NotFoundError where there
    is no repository, CredentialError where it may not be read, TemporaryError with a delay where
    it cannot answer now, and PermanentError where it answers what makes no sense.
    """

    def __init__(
        self,
        registry: Registry,
        options: ChartOptions | None = None,
        *,
        on_request: Callable[[httpx.Request], None] | None = None,
    ) -> None:
        self._registry = registry
        self._downloads = Downloads(options or ChartOptions(), on_request)

    async def index(
        self, repository: ChartRepository, known: ChartIndex | None = None
    ) -> ChartIndex:
        """Return what the repository has: one request, without a body if it is still `known`.

        At an OCI registry, one for each page of the tag list.
        """
        if repository.url.startswith(_OCI):
            return await self._tags(repository, known.pages if known else ())
        had = Validators(known.etag, known.last_modified) if known else Validators()
        answer = await self._downloads.get(repository, had)
        if answer is None:
            return known or ChartIndex({})
        read = partial(read_index, answer.content, source=answer.source)
        has = answer.validators
        return ChartIndex(await asyncio.to_thread(read), has.etag, has.last_modified)

    async def aclose(self) -> None:
        """Close all connections; the registry is its owner's to close."""
        await self._downloads.aclose()

    async def _tags(self, repository: ChartRepository, known: Sequence[TagPage]) -> ChartIndex:
        """A tag cannot have the `+` of a version: Helm writes `_` for it."""
        asked = ImageRepository(
            repository.url.removeprefix(_OCI).rstrip("/"),
            repository.credential,
            repository.insecure_skip_tls_verify,
        )
        try:
            pages = await self._registry.pages(asked, known)
        except CredentialError as error:
            raise CredentialError(_refused(repository, error), url=repository.url) from None
        versions = dict.fromkeys(tag.replace("_", "+") for page in pages for tag in page.tags)
        return ChartIndex({"": list(versions)}, pages=[page for page in pages if page.etag])


def _refused(repository: ChartRepository, error: CredentialError) -> str:
    """A chart's Secret has another label than an image's."""
    said = str(error).partition("; ")[0].removeprefix("image repository ")
    return (
        f"chart repository {said}; apply a Secret with the label kargo.akuity.io/cred-type: helm, "
        f"repoURL: {repository.url}, and a username and password that may read it"
    )
