"""Lists a repository's tags, page by page; a page that has not changed is not sent again.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial

import httpx

from ferryman.clients.registry.connections import Answer
from ferryman.clients.registry.failures import PassingError
from ferryman.clients.registry.grammar import is_tag
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.wire import Question, Wire
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.domain.ports import TagPage

_FIRST = "n=1000"
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next\b', re.IGNORECASE)


async def list_pages(
    wire: Wire, place: Place, options: RegistryOptions, known: Sequence[TagPage] = ()
) -> list[TagPage]:
    """Return the tag list of `place`; `known` are its pages as they were.

    What is no tag by OCI's grammar is left out, since nothing could be fetched by it. Raises
    NotFoundError where the repository does not exist, PermanentError where it has more than
    `options.max_tags`, and the errors of `Wire.ask`.
    """
    pages, count = [], 0
    async for page in _pages(wire, place, options, {page.query: page for page in known}):
        pages.append(page)
        count += len(page.tags)
        if count > options.max_tags:
            raise PermanentError(
                f"image repository {place.written} has more than {options.max_tags} tags:"
                " remove old ones"
            )
    return pages


def tags_of(pages: Iterable[TagPage]) -> list[str]:
    """Return the tags of all pages once each, in the registry's order."""
    return list(dict.fromkeys(tag for page in pages for tag in page.tags))


async def _pages(
    wire: Wire, place: Place, options: RegistryOptions, known: Mapping[str, TagPage]
) -> AsyncIterator[TagPage]:
    asked: set[str] = set()
    query = _FIRST
    while query and query not in asked:
        asked.add(query)
        before = known.get(query) or TagPage(query)
        url = place.url("tags/list").copy_with(query=query.encode())
        question = Question(place, "GET", url, options.max_page_bytes, etag=before.etag)
        page = await wire.ask(question, partial(_read_page, before=before))
        if page is None:
            raise NotFoundError(
                f"image repository {place.written} does not exist at {place.server}:"
                " correct repoURL, or push a first image"
            )
        yield page
        query = page.next if page.tags else ""


def _read_page(answer: Answer, before: TagPage) -> TagPage:
    """Return the page that was sent, or the one `before` if it is still the same."""
    if answer.status == httpx.codes.NOT_MODIFIED:
        return before
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
    return TagPage(
        query=before.query,
        tags=tuple(filter(is_tag, tags)),
        # Of the link only the query counts: it cannot lead us, or our credential, elsewhere.
        next=link[1].partition("?")[2] if link else "",
        etag=answer.headers.get("ETag", ""),
    )
