"""Listing tags at a real registry, and where its pages lead."""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import UTC, datetime

import httpx
import pytest
from starlette.types import Send

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.domain.ports import ImageRepository
from server.demo.images import push_image
from tests.servers.faulty_proxy import Fault, changed, faulty_proxy, headed, status, untouched
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


async def test_all_tags(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, asked: list[str]
) -> None:
    """Every tag is listed, by one request where the registry sends one page."""
    for tag in ("v1.0.0", "latest", "1.1.0-rc.1"):
        await push_image(pusher, running.url, "app", tag, NOW)
    assert sorted(await registry.tags(running.repository("app"))) == [
        "1.1.0-rc.1",
        "latest",
        "v1.0.0",
    ]
    assert asked == ["GET /v2/app/tags/list"]


async def test_unknown_repository(running: RunningRegistry, registry: HttpRegistry) -> None:
    """A repository that does not exist is named, with what to do."""
    with pytest.raises(
        NotFoundError, match=r"/nothing does not exist at 127\.0\.0\.1:\d+: correct repoURL"
    ):
        await registry.tags(running.repository("nothing"))


def paged(size: int, *, host: str = "") -> Fault:
    """Cut the registry's whole list into pages, as larger registries do."""

    async def fault(answer: httpx.Response, send: Send) -> None:
        last = answer.request.url.params.get("last", "")
        tags = [tag for tag in sorted(answer.json()["tags"]) if tag > last]
        link = f'<{host}/v2/app/tags/list?last={tags[:size][-1]}&n={size}>; rel="next"'
        headers = {"Link": link} if len(tags) > size else {}
        await untouched(httpx.Response(200, headers=headers, json={"tags": tags[:size]}), send)

    return fault


@pytest.mark.parametrize("host", ["", "https://elsewhere.example"])
async def test_pages(
    running: RunningRegistry,
    pusher: httpx.AsyncClient,
    registry: HttpRegistry,
    asked: list[str],
    host: str,
) -> None:
    """Pages are followed to the end, and never to another host than the registry's."""
    tags = [f"1.{number}.0" for number in range(5)]
    for tag in tags:
        await push_image(pusher, running.url, "app", tag, NOW)
    async with faulty_proxy(running.url) as proxy:
        proxy.spoil("/tags/list", *[paged(2, host=host)] * 3)
        assert await registry.tags(ImageRepository(f"{proxy.host}/app")) == tags
        assert proxy.asked == asked == ["GET /v2/app/tags/list"] * 3


def tagged(etag: str) -> Fault:
    """Give the answer an ETag; who has it already gets nothing but that."""

    async def fault(answer: httpx.Response, send: Send) -> None:
        known = answer.request.headers.get("If-None-Match") == etag
        content = b"" if known else answer.content
        unchanged = httpx.Response(304 if known else 200, headers={"ETag": etag}, content=content)
        await untouched(unchanged, send)

    return fault


async def test_unchanged_pages(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """Where a registry gives ETags, a page that is known is not sent again until it changes."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    async with faulty_proxy(running.url) as proxy:
        repository = ImageRepository(f"{proxy.host}/app")
        proxy.spoil("/tags/list", tagged('"a"'), tagged('"a"'), tagged('"b"'))
        first = await registry.pages(repository)
        again = await registry.pages(repository, first)
        assert again[0] is first[0]
        changed_now = await registry.pages(repository, again)
        assert [page.etag for page in changed_now] == ['"b"']
    asked = [request.headers.get("If-None-Match") for request in proxy.requests]
    assert asked == [None, '"a"', '"a"']


async def test_unchanged_though_nothing_is_known(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """A registry that says "unchanged" to who knows nothing is not believed."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    async with faulty_proxy(running.url) as proxy:
        proxy.spoil("/tags/list", status(304))
        with pytest.raises(PermanentError, match="answered with 304"):
            await registry.tags(ImageRepository(f"{proxy.host}/app"))


async def test_page_that_leads_to_itself(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, asked: list[str]
) -> None:
    """A list that leads in a circle ends."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    circle = headed(Link='</v2/app/tags/list?last=x>; rel="next"')
    async with faulty_proxy(running.url) as proxy:
        proxy.spoil("/tags/list", *[circle] * 3)
        assert await registry.tags(ImageRepository(f"{proxy.host}/app")) == ["1.0.0"]
    assert len(asked) == 2


async def test_what_is_no_tag(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """Entries that are no tags are left out, and a tag that comes twice is listed once."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    listed = ["b", "-x", "../../../etc", "", "a", "b", "a b", "x" * 129]
    async with faulty_proxy(running.url) as proxy:
        proxy.spoil("/tags/list", changed(lambda _: json.dumps({"tags": listed}).encode()))
        proxy.spoil("/tags/list", changed(lambda _: b'{"tags": null}'))
        repository = ImageRepository(f"{proxy.host}/app")
        assert await registry.tags(repository) == ["b", "a"]
        assert await registry.tags(repository) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (RegistryOptions(max_tags=99_999), "/app has more than 99999 tags"),
        (RegistryOptions(max_page_bytes=1000), "/v2/app/tags/list is larger than 1000 bytes"),
    ],
)
async def test_limits(
    running: RunningRegistry, pusher: httpx.AsyncClient, options: RegistryOptions, message: str
) -> None:
    """100,000 tags are listed; more than the limit of tags or bytes is an error that names it."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    tags = [f"1.0.{number}" for number in range(100_000)]
    many = changed(lambda _: json.dumps({"tags": tags}).encode())
    async with faulty_proxy(running.url) as proxy:
        proxy.spoil("/tags/list", many, many)
        repository = ImageRepository(f"{proxy.host}/app")
        async with aclosing(HttpRegistry()) as registry:
            assert await registry.tags(repository) == tags
        async with aclosing(HttpRegistry(options)) as registry:
            with pytest.raises(PermanentError, match=message):
                await registry.tags(repository)
