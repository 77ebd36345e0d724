"""OCI registries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ferryman.domain.ports.credentials import Credential


@dataclass(frozen=True)
class ImageRepository:
    """A repository of images, and as whom it is spoken to."""

    url: str
    credential: Credential | None = None
    insecure_skip_tls_verify: bool = False
    unmatched: str = field(default="", compare=False)


@dataclass(frozen=True)
class FoundImage:
    """What a registry says of one tag."""

    tag: str
    digest: str
    created_at: datetime | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    platforms: Sequence[str] = ()
    fits: bool = True
    """It has something for the platform that was asked for."""


@dataclass(frozen=True)
class TagPage:
    """A page of a tag list: the query it answers, its tags, and the query of the next page."""

    query: str
    tags: Sequence[str] = ()
    next: str = ""
    etag: str = ""
    """By what the registry recognises it; "" where it does not."""


class Images(Protocol):
    """Images at OCI registries."""

    async def tags(self, repository: ImageRepository) -> list[str]:
        """Every tag, in the registry's order."""

    async def image(
        self, repository: ImageRepository, tag: str, *, platform: str | None
    ) -> FoundImage | None:
        """What a tag points to; None when it is gone."""


class Registry(Protocol):
    """OCI registries, as they are asked."""

    async def tags(self, repository: ImageRepository) -> list[str]:
        """Every tag, in the registry's order."""

    async def pages(
        self, repository: ImageRepository, known: Sequence[TagPage] = ()
    ) -> Sequence[TagPage]:
        """The tag list in pages; those `known` are not sent again while they have not changed."""

    async def image(
        self, repository: ImageRepository, tag: str, *, platform: str | None, digest: str = ""
    ) -> FoundImage | None:
        """What a tag points to (`digest`: is known to point to); None when it is gone."""
