"""The registry port, spoken as the OCI distribution specification has it.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

from ferryman.clients.registry.cache import ManifestCache, MemoryManifestCache
from ferryman.clients.registry.documents import Documents
from ferryman.clients.registry.grammar import is_digest, is_tag
from ferryman.clients.registry.images import ImageReader
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import check_mirrors, place_of
from ferryman.clients.registry.platforms import parse_platform
from ferryman.clients.registry.tags import list_tags
from ferryman.clients.registry.wire import Wire
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import FoundImage, ImageRepository


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
        return await list_tags(self._wire, place_of(repository, self._options), self._options)

    async def image(
        self, repository: ImageRepository, tag: str, *, platform: str | None = None
    ) -> FoundImage | None:
        """Return what `tag` names now; None if the tag is gone or has nothing for `platform`."""
        wanted = parse_platform(platform) if platform else None
        if not is_tag(tag):
            raise InvalidError(f"{tag!r} is not a tag", field="tag")
        place = place_of(repository, self._options)
        return await ImageReader(self._documents, place).read(tag, wanted)

    async def digest(self, repository: ImageRepository, reference: str) -> str | None:
        """Return the digest of a tag now (or of a digest that is there); None if it is gone."""
        if not (is_tag(reference) or is_digest(reference)):
            raise InvalidError(f"{reference!r} is neither a tag nor a digest", field="reference")
        return await self._documents.digest(place_of(repository, self._options), reference)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._wire.aclose()
