"""Where a registry sends us, and what we take there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry
from ferryman.clients.registry.connections import Answer
from ferryman.clients.registry.wire import _redirected
from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.ports import ImageRepository
from server.demo.images import push_image
from tests.servers.faulty_proxy import FaultyProxy, faulty_proxy, redirected, status
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)
FIRST = "/manifests/1.0.0"


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[FaultyProxy]:
    """In front of a registry with a password that holds app:1.0.0."""
    (tmp_path / "guarded").mkdir()
    with running_registry(tmp_path / "guarded", password=True) as registry:
        async with registry.pusher() as client, faulty_proxy(registry.url) as proxy:
            await push_image(client, registry.url, "app", "1.0.0", NOW)
            yield proxy


@pytest.fixture
async def storage(
    running: RunningRegistry, pusher: httpx.AsyncClient
) -> AsyncIterator[FaultyProxy]:
    """Another server, which holds the same without a password."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    async with faulty_proxy(running.url) as proxy:
        yield proxy


async def test_credential_stays(
    guarded: FaultyProxy, storage: FaultyProxy, registry: HttpRegistry
) -> None:
    """A blob is fetched from where the registry says, without the registry's credential."""
    repository = ImageRepository(f"{guarded.host}/app", CREDENTIAL)
    manifest = await registry.image(repository, "1.0.0")
    assert manifest
    blob = guarded.asked[-1].rpartition("/")[2]
    await registry._documents._cache.put(blob, b"")  # so that it is fetched again
    guarded.spoil(f"/blobs/{blob}", redirected(storage.url))
    assert await registry.image(repository, "1.0.0") == manifest
    assert storage.asked == [f"GET /v2/app/blobs/{blob}"]
    assert "Authorization" in guarded.requests[-1].headers
    assert "Authorization" not in storage.requests[-1].headers


async def test_credential_within_the_registry(guarded: FaultyProxy, registry: HttpRegistry) -> None:
    """A redirect within the registry keeps the credential."""
    repository = ImageRepository(f"{guarded.host}/app", CREDENTIAL)
    await registry.tags(repository)
    guarded.spoil(FIRST, redirected(""))
    assert await registry.image(repository, "1.0.0")


async def test_storage_that_refuses(
    guarded: FaultyProxy, storage: FaultyProxy, registry: HttpRegistry
) -> None:
    """A refusal by the storage is not taken for one of the credential."""
    repository = ImageRepository(f"{guarded.host}/app", CREDENTIAL)
    await registry.tags(repository)
    guarded.spoil(FIRST, *[redirected(storage.url)] * 3)
    storage.spoil(FIRST, *[status(403)] * 3)
    with pytest.raises(
        TemporaryError, match=f"GET {storage.url}.*a redirect's target, answered 403"
    ):
        await registry.image(repository, "1.0.0")


async def test_circle(guarded: FaultyProxy, registry: HttpRegistry) -> None:
    """Redirects without end are an error."""
    guarded.spoil(FIRST, *[redirected("")] * 6)
    with pytest.raises(PermanentError, match="more than 5 redirects"):
        await registry.image(ImageRepository(f"{guarded.host}/app"), "1.0.0")
    assert len(guarded.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://storage.example/x",
        "https://127.0.0.1/x",
        "https://localhost:5000/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "https://storage.example:port/x",
    ],
)
def test_not_followed(location: str) -> None:
    """A redirect from HTTPS to plain HTTP, or from elsewhere to this machine, is refused."""
    url = httpx.URL("https://ghcr.io/v2/a/b/blobs/x")
    answer = Answer("GET x", url, 307, httpx.Headers({"Location": location}), b"")
    with pytest.raises(PermanentError, match="GET x was redirected where we do not follow"):
        _redirected(answer)
