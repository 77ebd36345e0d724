"""Images, asked for once for all who subscribe to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from activities import tag_pages
from activities.polling import Polling
from activities.tag_digests import TagDigests
from ferryman.clients.registry import tags_of
from ferryman.domain.ports import FoundImage, ImageRepository, Registry
from ferryman.domain.source import Need, Source
from ferryman.domain.urls import normalize_image


@dataclass(frozen=True)
class PolledImages:
    """Implements the port `Images` for one look at a repository.

    Its list is seen, and each tag asked for, once since `need.since`. With `by_tag`, a tag that
    any look before has seen is not asked for again.
    """

    registry: Registry
    polling: Polling
    digests: TagDigests
    repository: ImageRepository
    need: Need
    by_tag: bool = False
    _known: dict[str, str] = field(default_factory=dict)
    _new: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """Where the list comes from."""
        asked = self.repository
        credential = asked.credential
        viewer = credential.identity if credential else ()
        tls = "unverified" if asked.insecure_skip_tls_verify else ""
        return Source("image", asked.url, (normalize_image(asked.url), tls, *viewer))

    async def tags(self, _repository: ImageRepository) -> list[str]:
        """Every tag, in the registry's order."""
        shown = await self.polling.see(self.source, self.need, self._list)
        tags = tags_of(tag_pages.pages_of(shown))
        if self.by_tag:
            kept = await self.polling.records.digests(self.source)
            self._known.update((tag, kept[tag]) for tag in tags if tag in kept)
        return tags

    async def image(
        self, repository: ImageRepository, tag: str, *, platform: str | None
    ) -> FoundImage | None:
        """What a tag points to; None when it is gone."""
        if digest := self._known.get(tag):
            return await self.registry.image(repository, tag, platform=platform, digest=digest)
        key = (self._id, tag)
        async with self.digests.lock(key):
            digest, began = self.digests.since(key, self.need.since), self.polling.now(self.need)
            found = await self.registry.image(repository, tag, platform=platform, digest=digest)
            if found:
                self._new[tag] = found.digest
                self.digests.found(key, found.digest, began)
        return found

    async def remember(self) -> None:
        """Keep what was found, for looks by tag."""
        if self.by_tag and self._new:
            await self.polling.records.remember(self.source, self._known | self._new)

    @cached_property
    def _id(self) -> str:
        return self.polling.records.id_of(self.source)

    async def _list(self, known: Any) -> Any:
        before = tag_pages.pages_of(known or ())
        shown = tag_pages.plain(await self.registry.pages(self.repository, before))
        return known if shown == known else shown
