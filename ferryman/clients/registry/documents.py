"""Fetches manifests and configs; what is named by its digest is fetched once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ferryman.clients.registry.cache import ManifestCache
from ferryman.clients.registry.connections import Answer
from ferryman.clients.registry.digests import digest_of, matches
from ferryman.clients.registry.failures import PassingError
from ferryman.clients.registry.grammar import is_digest
from ferryman.clients.registry.manifests import IMAGE_TYPES, INDEX_TYPES
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.recently_used import RecentlyUsed
from ferryman.clients.registry.wire import Question, Wire

_REMEMBERED_TAGS = 100_000
_DIGEST_HEADER = "Docker-Content-Digest"


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes and the digest that they have."""

    digest: str
    content: bytes


class Documents:
    """Reads a repository's documents, all of them verified.

    Every method returns None for what is not there (any more), and raises the errors of
    `Wire.ask`; bytes that do not have the digest they should have are a TemporaryError.
    """

    def __init__(self, wire: Wire, cache: ManifestCache, options: RegistryOptions) -> None:
        self._wire = wire
        self._cache = cache
        self._limit = options.max_document_bytes
        self._tags_seen = RecentlyUsed[tuple[str, str, str], bool](_REMEMBERED_TAGS)

    async def digest(self, place: Place, reference: str) -> str | None:
        """Ask which digest a tag has now, or whether a digest is still there."""
        question = self._question(place, "HEAD", f"manifests/{reference}")
        digest = await self._wire.ask(question, _announced_digest)
        if digest == "":
            wanted = reference if is_digest(reference) else ""
            document = await self._fetch(place, f"manifests/{reference}", wanted)
            return document.digest if document else None
        return digest

    async def tagged(self, place: Place, tag: str) -> Document | None:
        """Return the manifest that a tag names now.

        A tag that was seen before costs one HEAD while it stays as it was; a new one, one GET.
        """
        seen = (place.server, place.name, tag)
        if self._tags_seen.get(seen):
            digest = await self.digest(place, tag)
            return await self.manifest(place, digest) if digest else None
        document = await self._fetch(place, f"manifests/{tag}")
        if document:
            self._tags_seen.put(seen, value=True)
        return document

    async def manifest(self, place: Place, digest: str) -> Document | None:
        """Return the manifest with this digest."""
        return await self._fetch_once(place, f"manifests/{digest}", digest)

    async def blob(self, place: Place, digest: str) -> Document | None:
        """Return the blob with this digest; meant for configs."""
        return await self._fetch_once(place, f"blobs/{digest}", digest)

    async def _fetch_once(self, place: Place, path: str, digest: str) -> Document | None:
        content = await self._cache.get(digest)
        if content is not None and matches(content, digest):
            return Document(digest, content)
        return await self._fetch(place, path, digest)

    async def _fetch(self, place: Place, path: str, wanted: str = "") -> Document | None:
        document = await self._wire.ask(self._question(place, "GET", path), _verified(wanted))
        if document:
            await self._cache.put(document.digest, document.content)
        return document

    def _question(self, place: Place, method: str, path: str) -> Question:
        accept = INDEX_TYPES + IMAGE_TYPES if path.startswith("manifests/") else ()
        return Question(place, method, place.url(path), self._limit, accept)


def _announced_digest(answer: Answer) -> str:
    digest: str = answer.headers.get(_DIGEST_HEADER, "")
    return digest if is_digest(digest) else ""


def _verified(wanted: str) -> Callable[[Answer], Document]:
    """Make a reader that checks bytes against the digest wanted, and the one announced."""

    def read(answer: Answer) -> Document:
        announced = _announced_digest(answer)
        for digest in filter(None, (wanted, announced)):
            if not matches(answer.content, digest):
                raise PassingError(
                    f"{answer.what} was answered with bytes whose digest is"
                    f" {digest_of(answer.content)}, not {digest}: the registry or a proxy changes"
                    " content on the way"
                )
        return Document(wanted or announced or digest_of(answer.content), answer.content)

    return read
