"""Pages of tag lists, as they are kept with their source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ferryman.domain.ports import TagPage


def plain(pages: Iterable[TagPage]) -> list[Mapping[str, Any]]:
    """The pages as JSON data."""
    return [
        {"query": page.query, "tags": list(page.tags), "next": page.next, "etag": page.etag}
        for page in pages
    ]


def pages_of(content: Iterable[Mapping[str, Any]]) -> list[TagPage]:
    """The pages that were kept."""
    return [TagPage(**page) for page in content]
