"""Lists a repository's tags, page by page.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx

from ferryman.clients.registry.connections import Answer
from ferryman.clients.registry.failures import PassingError
from ferryman.clients.registry.grammar import is_tag
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.wire import Question, Wire
from ferryman.domain.errors import NotFoundError, PermanentError

_PAGE_SIZE = 1000
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next\b', re.IGNORECASE)


async def list_tags(wire: Wire, place: Place, options: RegistryOptions) -> list[str]:
    """Return the tags of `place` once each, in the registry's order.

    What is no tag by OCI's grammar is left out, since nothing could be fetched by it. Raises
    NotFoundError where the repository does not exist, PermanentError where it has more than
    `options.max_tags`, and the errors of `Wire.ask`.
    """
    tags: dict[str, None] = {}
    async for page in _pages(wire, place, options):
        tags.update(dict.fromkeys(filter(is_tag, page)))
        if len(tags) > options.max_tags:
            raise PermanentError(
                f"image repository {place.written} has more than {options.max_tags} tags:"
                " remove old ones"
            )
    return list(tags)


async def _pages(wire: Wire, place: Place, options: RegistryOptions) -> AsyncIterator[list[str]]:
    asked: set[httpx.URL] = set()
    url: httpx.URL | None = place.url(f"tags/list?n={_PAGE_SIZE}")
    while url and url not in asked:
        asked.add(url)
        answer = await wire.ask(Question(place, "GET", url, options.max_page_bytes), _read_page)
        if answer is None:
            raise NotFoundError(
                f"image repository {place.written} does not exist at {place.server}:"
                " correct repoURL, or push a first image"
            )
        page, query = answer
        yield page
        url = place.url("tags/list").copy_with(query=query) if page and query else None


def _read_page(answer: Answer) -> tuple[list[str], bytes]:
    """Return the page's tags, and the query that asks for the next page."""
    try:
        tags = json.loads(answer.content)["tags"] or []
    except (ValueError, RecursionError, LookupError, TypeError):
        tags = None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise PassingError(
            f"{answer.what} was answered with something that is no tag list: it was cut short or"
            " replaced on the way"
        )
    link = _NEXT.search(answer.headers.get("Link", ""))
    # Of the link only the query counts: it cannot lead us, or our credential, elsewhere.
    return tags, link[1].partition("?")[2].encode() if link else b""
