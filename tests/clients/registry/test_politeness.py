"""How much we ask of a registry at once, and whether we wait when told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import ImageRepository
from server.demo.images import push_image
from tests.servers.faulty_proxy import FaultyProxy, faulty_proxy, headed, status
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
async def proxy(running: RunningRegistry, pusher: httpx.AsyncClient) -> AsyncIterator[FaultyProxy]:
    """In front of a registry that holds app:1.0.0."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    async with faulty_proxy(running.url) as faulty:
        yield faulty


@pytest.fixture
def repository(proxy: FaultyProxy) -> ImageRepository:
    """The repository behind it."""
    return ImageRepository(f"{proxy.host}/app")


async def test_few_at_once(proxy: FaultyProxy, repository: ImageRepository) -> None:
    """However many ask, a registry has no more requests under way than allowed."""
    proxy.delay = 0.01
    options = RegistryOptions(connections_per_host=3, requests_per_second=None)
    async with aclosing(HttpRegistry(options)) as registry:
        await asyncio.gather(*[registry.digest(repository, "1.0.0") for _ in range(15)])
    assert proxy.most_at_once == 3


async def test_few_a_second(repository: ImageRepository) -> None:
    """Beyond the burst, requests come at the rate allowed."""
    options = RegistryOptions(requests_per_second=20, burst=20)
    async with aclosing(HttpRegistry(options)) as registry:
        began = time.monotonic()
        await asyncio.gather(*[registry.digest(repository, "1.0.0") for _ in range(26)])
        assert time.monotonic() - began >= 6 / 20


async def test_connection_is_kept(proxy: FaultyProxy, repository: ImageRepository) -> None:
    """One after another, requests go over one connection."""
    async with aclosing(HttpRegistry()) as registry:
        await registry.tags(repository)
        await registry.image(repository, "1.0.0")
    assert len({request.client for request in proxy.requests}) == 1


async def test_waits_as_told(proxy: FaultyProxy, repository: ImageRepository) -> None:
    """A short Retry-After is waited for, by everyone who wants something of that registry."""
    proxy.spoil("/tags/list", status(429, Retry_After="1"))
    async with aclosing(HttpRegistry(RegistryOptions(connections_per_host=1))) as registry:
        began = time.monotonic()
        refused = asyncio.create_task(registry.tags(repository))
        await proxy.spoiled.wait()
        await registry.digest(repository, "1.0.0")
        assert time.monotonic() - began >= 1
        assert await refused == ["1.0.0"]


async def test_comes_back_later(proxy: FaultyProxy, repository: ImageRepository) -> None:
    """A long Retry-After becomes the error's delay, and nothing is asked before it is over."""
    proxy.spoil("/tags/list", status(429, Retry_After="120"))
    async with aclosing(HttpRegistry()) as registry:
        for attempt in (registry.tags(repository), registry.digest(repository, "1.0.0")):
            with pytest.raises(TemporaryError, match=r"asked to be left alone for 1[12]") as told:
                await attempt
            assert 110 < told.value.delay.total_seconds() <= 120
    assert len(proxy.requests) == 1


async def test_others_are_not_held_up(
    proxy: FaultyProxy, repository: ImageRepository, running: RunningRegistry
) -> None:
    """A registry that wants to be left alone delays only its own."""
    proxy.spoil("/tags/list", status(503, Retry_After="120"))
    async with aclosing(HttpRegistry()) as registry:
        with pytest.raises(TemporaryError):
            await registry.tags(repository)
        assert await registry.tags(running.repository("app")) == ["1.0.0"]


async def test_no_cookies(proxy: FaultyProxy, repository: ImageRepository) -> None:
    """A session that a registry opens for one subscription is not lent to another."""
    proxy.spoil("/tags/list", headed(Set_Cookie="sid=1; Path=/"))
    async with aclosing(HttpRegistry()) as registry:
        await registry.tags(repository)
        await registry.tags(repository)
    assert [request.headers.get("Cookie") for request in proxy.requests] == [None, None]
