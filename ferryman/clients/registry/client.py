"""The registry port, spoken as the OCI distribution specification has it.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx

from ferryman.clients.registry.cache import ManifestCache, MemoryManifestCache
from ferryman.clients.registry.documents import Documents
from ferryman.clients.registry.grammar import is_digest, is_tag
from ferryman.clients.registry.images import ImageReader
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import check_mirrors, place_of
from ferryman.clients.registry.platforms import parse_platform
from ferryman.clients.registry.tags import list_pages, tags_of
from ferryman.clients.registry.wire import Wire
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import FoundImage, ImageRepository, TagPage


class HttpRegistry:
    """Reads image repositories at any number of registries.

    One object serves a whole worker: its limits per registry hold across everything that uses
    it. `cache` keeps immutable documents; `on_request` sees every request just before it goes
    out, tokens and redirects included.

    Beside what each method names, all raise CredentialError where a repository may not be read
    (the message says what to apply), TemporaryError with a delay where the registry cannot
    answer now, PermanentError where it answers what makes no sense, and InvalidError for a
    repoURL, tag or platform that is none.
    """

    def __init__(
        self,
        options: RegistryOptions | None = None,
        *,
        cache: ManifestCache | None = None,
        on_request: Callable[[httpx.Request], None] | None = None,
    ) -> None:
        self._options = options or RegistryOptions()
        check_mirrors(self._options.mirrors)
        self._wire = Wire(self._options, on_request)
        self._documents = Documents(self._wire, cache or MemoryManifestCache(), self._options)

    async def tags(self, repository: ImageRepository) -> list[str]:
        """Return all tags in the registry's order; NotFoundError if there is no repository."""
        return tags_of(await self.pages(repository))

    async def pages(
        self, repository: ImageRepository, known: Sequence[TagPage] = ()
    ) -> list[TagPage]:
        """Return the tag list in pages; those `known` are sent again only if they changed."""
        place = place_of(repository, self._options)
        return await list_pages(self._wire, place, self._options, known)

    async def image(
        self,
        repository: ImageRepository,
        tag: str,
        *,
        platform: str | None = None,
        digest: str = "",
    ) -> FoundImage | None:
        """Return what `tag` names now; None if it is gone.

        With a `digest`, that is what it names: the registry is asked for what is not cached.
        """
        wanted = parse_platform(platform) if platform else None
        if not is_tag(tag):
            raise InvalidError(f"{tag!r} is not a tag", field="tag")
        place = place_of(repository, self._options)
        return await ImageReader(self._documents, place).read(tag, wanted, digest)

    async def digest(self, repository: ImageRepository, reference: str) -> str | None:
        """Return the digest of a tag now (or of a digest that is there); None if it is gone."""
        if not (is_tag(reference) or is_digest(reference)):
            raise InvalidError(f"{reference!r} is neither a tag nor a digest", field="reference")
        return await self._documents.digest(place_of(repository, self._options), reference)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._wire.aclose()
