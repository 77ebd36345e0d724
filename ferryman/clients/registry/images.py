"""From a tag to the image it names: digest, platform, time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from ferryman.clients.registry.created import annotated_time, configured_time, latest
from ferryman.clients.registry.documents import Document, Documents
from ferryman.clients.registry.manifests import (
    CONFIG_TYPES,
    Descriptor,
    ImageConfig,
    ImageManifest,
    Index,
    parse_config,
    parse_manifest,
)
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.platforms import Platform
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import FoundImage

_DEEPEST_INDEX = 3
_MOST_IMAGES = 100


@dataclass(frozen=True, slots=True)
class _Sighting:
    """What was learned of one image."""

    created_at: datetime | None
    platforms: tuple[Platform, ...] = ()


class ImageReader:
    """Reads images from the documents of one repository, `place`."""

    def __init__(self, documents: Documents, place: Place) -> None:
        self._documents = documents
        self._place = place

    async def read(
        self, tag: str, platform: Platform | None, digest: str = ""
    ) -> FoundImage | None:
        """Return the image that `tag` names (`digest`: is known to name), or None if it is gone."""
        known = await self._documents.manifest(self._place, digest) if digest else None
        document = known or await self._documents.tagged(self._place, tag)
        if document is None:
            return None
        manifest = self._parse(document)
        sighting = await self._sight(manifest, platform, depth=0)
        if sighting is None:
            return FoundImage(tag=tag, digest=document.digest, fits=False)
        return FoundImage(
            tag=tag,
            digest=document.digest,
            created_at=sighting.created_at,
            annotations=dict(manifest.annotations),
            platforms=tuple(dict.fromkeys(map(str, sighting.platforms))),
        )

    async def _sight(
        self, manifest: ImageManifest | Index, platform: Platform | None, depth: int
    ) -> _Sighting | None:
        if isinstance(manifest, Index):
            return await self._sight_index(manifest, platform, depth)
        return await self._sight_image(manifest, platform)

    async def _sight_image(
        self, manifest: ImageManifest, platform: Platform | None
    ) -> _Sighting | None:
        created = annotated_time(manifest.annotations)
        if created and platform is None:
            return _Sighting(created)
        config = await self._config(manifest.config)
        if config is None or (platform and config.platform != platform):
            return None
        platforms = (config.platform,) if config.platform.is_known else ()
        return _Sighting(created or configured_time(config), platforms)

    async def _config(self, descriptor: Descriptor) -> ImageConfig | None:
        """Return the config: None if it is gone, an empty one if this is no container image."""
        if descriptor.media_type not in CONFIG_TYPES:
            return ImageConfig()
        document = await self._documents.blob(self._place, descriptor.digest)
        return parse_config(document.content, self._name(document)) if document else None

    async def _sight_index(
        self, index: Index, platform: Platform | None, depth: int
    ) -> _Sighting | None:
        entries = index.images_for(platform)
        if depth >= _DEEPEST_INDEX or len(entries) > _MOST_IMAGES:
            raise PermanentError(
                f"an index in {self._place.written} lists more than {_MOST_IMAGES} images, or"
                f" indexes more than {_DEEPEST_INDEX} deep"
            )
        created = annotated_time(index.annotations)
        found = await self._sight_entries(entries, created, platform, depth)
        if platform and not found:
            return None
        listed = index.platforms or tuple(chain.from_iterable(one.platforms for one in found))
        return _Sighting(created or latest([one.created_at for one in found]), listed)

    async def _sight_entries(
        self,
        entries: Sequence[Descriptor],
        created: datetime | None,
        platform: Platform | None,
        depth: int,
    ) -> list[_Sighting]:
        """Look at all entries at once; those that are gone or for other platforms are left out."""
        sightings = await asyncio.gather(
            *(self._sight_entry(entry, created, platform, depth) for entry in entries),
            return_exceptions=True,
        )
        for sighting in sightings:
            if isinstance(sighting, BaseException):
                raise sighting
        return [sighting for sighting in sightings if isinstance(sighting, _Sighting)]

    async def _sight_entry(
        self, entry: Descriptor, created: datetime | None, platform: Platform | None, depth: int
    ) -> _Sighting | None:
        created = created or annotated_time(entry.annotations)
        if created and (entry.platform or platform is None):
            return _Sighting(created)
        document = await self._documents.manifest(self._place, entry.digest)
        if document is None:
            return None
        # A platform that the index declares needs no second look.
        undeclared = None if entry.platform else platform
        return await self._sight(self._parse(document), undeclared, depth + 1)

    def _parse(self, document: Document) -> ImageManifest | Index:
        return parse_manifest(document.content, self._name(document))

    def _name(self, document: Document) -> str:
        return f"{self._place.written}@{document.digest}"
