"""How many requests things cost."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, LayeredCache, MemoryManifestCache
from server.demo.images import push_image
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)
LATER = datetime(2024, 6, 2, tzinfo=UTC)


async def test_new_known_and_changed_tags(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, asked: list[str]
) -> None:
    """A new tag costs manifest and config; a known one a HEAD; a changed one all three."""
    repository = running.repository("app")
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    await registry.image(repository, "1.0.0")
    assert [line.split("/")[0:4:3] for line in asked] == [["GET ", "manifests"], ["GET ", "blobs"]]
    asked.clear()
    await registry.image(repository, "1.0.0")
    assert asked == ["HEAD /v2/app/manifests/1.0.0"]
    asked.clear()
    await push_image(pusher, running.url, "app", "1.0.0", LATER)
    found = await registry.image(repository, "1.0.0")
    assert found
    assert found.created_at == LATER
    assert [line.split()[0] for line in asked] == ["HEAD", "GET", "GET"]


async def test_cache_of_ones_own(running: RunningRegistry, pusher: httpx.AsyncClient) -> None:
    """What is immutable is fetched once for all who share a cache, and damage to it is noticed."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    cache = MemoryManifestCache()
    counts = []
    for damage in (False, False, True):
        asked: list[httpx.Request] = []
        registry = HttpRegistry(cache=cache, on_request=asked.append)
        if damage:
            for digest in list(cache._contents._values):
                await cache.put(digest, b"{}")
        found = await registry.image(running.repository("app"), "1.0.0")
        await registry.aclose()
        assert found
        assert found.created_at == NOW
        counts.append(len(asked))
    assert counts == [2, 1, 2]


async def test_a_tag_whose_digest_is_known(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, asked: list[str]
) -> None:
    """Nothing is asked of a tag that is known to name what is cached; else only by digest."""
    repository = running.repository("app")
    digest = await push_image(pusher, running.url, "app", "1.0.0", NOW)
    first = await registry.image(repository, "1.0.0", digest=digest)
    assert [line.split("/")[0:4:3] for line in asked] == [["GET ", "manifests"], ["GET ", "blobs"]]
    assert digest in asked[0]
    asked.clear()
    assert await registry.image(repository, "1.0.0", digest=digest) == first
    assert asked == []


async def test_a_digest_that_is_gone(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """Where the known digest is neither cached nor there any more, the tag is asked."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    found = await registry.image(running.repository("app"), "1.0.0", digest=f"sha256:{'0' * 64}")
    assert found
    assert found.created_at == NOW


async def test_layers() -> None:
    """What the far cache has is near after it was asked for once."""
    near, far = MemoryManifestCache(), MemoryManifestCache()
    both = LayeredCache(near, far)
    await far.put("d1", b"1")
    assert await both.get("d1") == b"1" == await near.get("d1")
    await both.put("d2", b"2")
    assert (await near.get("d2"), await far.get("d2")) == (b"2", b"2")
    assert await both.get("d3") is None
