"""What a tag names at a real registry: single images."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import FoundImage
from server.demo.images import push_blob, push_image, push_manifest
from tests.clients.registry.conftest import fits
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, 12, tzinfo=UTC)
CREATED = "org.opencontainers.image.created"


async def test_found(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """An image without annotations was made when its config says."""
    digest = await push_image(pusher, running.url, "a/b", "1.0.0", LATE, platform="linux/arm/v7")
    repository = running.repository("a/b")
    found = FoundImage("1.0.0", digest, LATE, {}, ("linux/arm/v7",))
    assert await registry.image(repository, "1.0.0", platform=None) == found
    assert await registry.digest(repository, "1.0.0") == digest
    assert await registry.digest(repository, digest) == digest


async def test_annotation_counts_first(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, asked: list[str]
) -> None:
    """An annotation is taken as it is, though the config is later, and spares reading it."""
    annotations = {CREATED: EARLY.isoformat(), "org.opencontainers.image.revision": "abc"}
    await push_image(pusher, running.url, "app", "1.0.0", LATE, annotations=annotations)
    found = await registry.image(running.repository("app"), "1.0.0")
    assert found
    assert (found.created_at, found.annotations) == (EARLY, annotations)
    assert asked == ["GET /v2/app/manifests/1.0.0"]


async def test_label_counts_if_later(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """A label and the config's own time: the later one counts."""
    labels = {CREATED: LATE.isoformat()}
    await push_image(pusher, running.url, "app", "1.0.0", EARLY, labels=labels)
    found = await registry.image(running.repository("app"), "1.0.0")
    assert found
    assert found.created_at == LATE


async def test_platform(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """A single image is found only for its platform, the variant included."""
    mine = "linux/arm64/v8"
    noted = {CREATED: EARLY.isoformat()}
    await push_image(pusher, running.url, "app", "1", LATE, platform=mine, annotations=noted)
    for other in ("linux/arm64", "linux/arm64/v9", "linux/amd64", "windows/arm64/v8"):
        assert not await fits(registry, running.repository("app"), "1", platform=other)
    found = await registry.image(running.repository("app"), "1", platform=mine)
    assert found
    assert (found.created_at, found.platforms) == (EARLY, (mine,))


async def test_gone(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """A tag that was deleted after it was listed is None, seen before or not."""
    repository = running.repository("app")
    for tag, seen in (("1.0.0", False), ("1.1.0", True)):
        digest = await push_image(pusher, running.url, "app", tag, LATE)
        assert await registry.tags(repository) == [tag]
        if seen:
            assert await registry.image(repository, tag)
        (await pusher.delete(f"{running.url}/v2/app/manifests/{digest}")).raise_for_status()
        assert await registry.image(repository, tag) is None
        assert await registry.digest(repository, tag) is None
        assert await registry.digest(repository, digest) is None


async def test_artifact(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry
) -> None:
    """What is no container image (a chart, a signature) has no time and suits no platform."""
    target = f"{running.url}/v2/app"
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": await push_blob(
            pusher, target, b"{}", "application/vnd.cncf.helm.config.v1+json"
        ),
        "layers": [],
    }
    digest = await push_manifest(pusher, target, "1.0.0", manifest)
    repository = running.repository("app")
    assert await registry.image(repository, "1.0.0") == FoundImage("1.0.0", digest)
    assert not await fits(registry, repository, "1.0.0", platform="linux/amd64")


@pytest.mark.parametrize("tag", ["", "-x", "../1", "a/b", "a?b", "sha256:" + "0" * 64])
async def test_bad_tag(registry: HttpRegistry, asked: list[str], tag: str) -> None:
    """What is no tag is refused before anything is asked."""
    with pytest.raises(InvalidError, match="is not a tag"):
        await registry.image(RunningRegistry("http://127.0.0.1:1").repository("app"), tag)
    assert asked == []
