"""How many requests things cost."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, MemoryManifestCache
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
