"""What a tag names at a real registry: images of several platforms."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import PermanentError
from server.demo.images import push_manifest
from tests.clients.registry.conftest import fits
from tests.servers.images import INDEX_TYPE, push_entry, push_index
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
DAYS = [datetime(2024, 6, day, tzinfo=UTC) for day in range(1, 5)]
CREATED = "org.opencontainers.image.created"


@pytest.fixture
def target(running: RunningRegistry) -> str:
    """The repository that the tests push to."""
    return f"{running.url}/v2/app"


def made(day: int) -> dict[str, str]:
    """A config's field: made on that day."""
    return {"created": DAYS[day].isoformat()}


async def test_newest_image_counts(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """Without annotations an index is as old as its newest image; attestations do not count."""
    entries = [
        await push_entry(pusher, target, "linux/amd64", config=made(0)),
        await push_entry(pusher, target, "linux/arm64/v8", config=made(1)),
        await push_entry(pusher, target, "unknown/unknown", config=made(3)),
    ]
    digest = await push_index(pusher, target, "1.0.0", entries)
    found = await registry.image(running.repository("app"), "1.0.0")
    assert found
    assert (found.digest, found.created_at) == (digest, DAYS[1])
    assert found.platforms == ("linux/amd64", "linux/arm64/v8")


async def test_platform_of_an_index(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """With a platform its image's time counts, and the digest is still the index's."""
    entries = [
        await push_entry(pusher, target, "linux/amd64", config=made(0)),
        await push_entry(pusher, target, "linux/arm64/v8", config=made(1)),
    ]
    digest = await push_index(pusher, target, "1.0.0", entries)
    repository = running.repository("app")
    found = await registry.image(repository, "1.0.0", platform="linux/amd64")
    assert found
    assert (found.digest, found.created_at) == (digest, DAYS[0])
    assert not await fits(registry, repository, "1.0.0", platform="linux/arm64")
    assert not await fits(registry, repository, "1.0.0", platform="unknown/unknown")


async def test_annotation_of_the_index(
    running: RunningRegistry,
    pusher: httpx.AsyncClient,
    registry: HttpRegistry,
    asked: list[str],
    target: str,
) -> None:
    """The index's own annotation is taken as it is, and its images are not asked for."""
    annotations = {CREATED: DAYS[0].isoformat(), "org.opencontainers.image.source": "https://x"}
    entry = await push_entry(pusher, target, "linux/amd64", config=made(3))
    await push_index(pusher, target, "1.0.0", [entry], annotations=annotations)
    repository = running.repository("app")
    for platform in (None, "linux/amd64"):
        found = await registry.image(repository, "1.0.0", platform=platform)
        assert found
        assert (found.created_at, found.annotations) == (DAYS[0], annotations)
    assert not await fits(registry, repository, "1.0.0", platform="linux/s390x")
    assert asked == ["GET /v2/app/manifests/1.0.0"] + ["HEAD /v2/app/manifests/1.0.0"] * 2


async def test_annotations_of_the_entries(
    running: RunningRegistry,
    pusher: httpx.AsyncClient,
    registry: HttpRegistry,
    asked: list[str],
    target: str,
) -> None:
    """An entry's annotation stands for its image's time; only the others are asked for."""
    noted = {"annotations": {CREATED: DAYS[1].isoformat()}}
    entries = [
        await push_entry(pusher, target, "linux/amd64", config=made(3), entry=noted),
        await push_entry(pusher, target, "linux/arm64", config=made(0)),
    ]
    await push_index(pusher, target, "1.0.0", entries)
    found = await registry.image(running.repository("app"), "1.0.0")
    assert found
    assert found.created_at == DAYS[1]
    assert len(asked) == 3


async def test_no_platforms_at_all(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """Where no entry names a platform, their configs are looked into."""
    entries = [
        await push_entry(pusher, target, platform, config=made(day), entry={"platform": None})
        for day, platform in enumerate(("linux/amd64", "linux/arm64"))
    ]
    await push_index(pusher, target, "1.0.0", entries)
    repository = running.repository("app")
    for platform, day in ((None, 1), ("linux/amd64", 0)):
        found = await registry.image(repository, "1.0.0", platform=platform)
        assert found
        assert found.created_at == DAYS[day]
    assert not await fits(registry, repository, "1.0.0", platform="linux/s390x")


async def test_image_missing_from_the_index(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """An image that was deleted from under an index does not hide the others."""
    entries = [
        await push_entry(pusher, target, "linux/amd64", config=made(0)),
        await push_entry(pusher, target, "linux/arm64", config=made(1)),
    ]
    await push_index(pusher, target, "1.0.0", entries)
    (await pusher.delete(f"{target}/manifests/{entries[1]['digest']}")).raise_for_status()
    repository = running.repository("app")
    found = await registry.image(repository, "1.0.0")
    assert found
    assert found.created_at == DAYS[0]
    assert not await fits(registry, repository, "1.0.0", platform="linux/arm64")


async def test_indexes_in_an_index(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """Indexes may be nested a little, not without end."""
    entry = await push_entry(pusher, target, "linux/amd64", config=made(2))
    for depth in range(4):
        digest = await push_index(pusher, target, f"deep{depth}", [entry])
        entry = {"mediaType": INDEX_TYPE, "digest": digest, "size": 1}
    repository = running.repository("app")
    found = await registry.image(repository, "deep2", platform="linux/amd64")
    assert found
    assert found.created_at == DAYS[2]
    with pytest.raises(PermanentError, match="more than 3 deep"):
        await registry.image(repository, "deep3")


async def test_too_many_images(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """An index of very many images is refused rather than followed."""
    entry = await push_entry(pusher, target, "linux/amd64")
    await push_index(pusher, target, "1.0.0", [entry] * 101)
    with pytest.raises(PermanentError, match="lists more than 100 images"):
        await registry.image(running.repository("app"), "1.0.0")


async def test_docker_manifest_list(
    running: RunningRegistry, pusher: httpx.AsyncClient, registry: HttpRegistry, target: str
) -> None:
    """Docker's manifest list is read like an OCI index; an empty one has no time."""
    entry = await push_entry(pusher, target, "linux/amd64", config=made(2))
    media_type = "application/vnd.docker.distribution.manifest.list.v2+json"
    document = {"schemaVersion": 2, "mediaType": media_type, "manifests": [entry]}
    await push_manifest(pusher, target, "1.0.0", document)
    await push_manifest(pusher, target, "empty", {**document, "manifests": []})
    repository = running.repository("app")
    found = await registry.image(repository, "1.0.0")
    empty = await registry.image(repository, "empty")
    assert found
    assert empty
    assert (found.created_at, empty.created_at) == (DAYS[2], None)
