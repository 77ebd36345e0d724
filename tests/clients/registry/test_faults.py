"""A faulty server in front of the real registry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.errors import CredentialError, PermanentError, TemporaryError
from ferryman.domain.ports import ImageRepository
from server.demo.images import push_image
from tests.servers.faulty_proxy import (
    Fault,
    FaultyProxy,
    changed,
    cut_off,
    faulty_proxy,
    headed,
    stalled,
    status,
)
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)

PASSING: dict[str, tuple[Fault, str]] = {
    "500": (status(500), "was answered with 500 (the registry has trouble)"),
    "503": (status(503, Retry_After="0"), "was answered with 503"),
    "429": (status(429, Retry_After="0"), "was answered with 429 (too many requests)"),
    "408": (status(408), "was answered with 408"),
    "cut off in mid-body": (cut_off, "failed: peer closed connection"),
}
TRUNCATED = changed(lambda body: body[:-5])
WRONG = changed(lambda body: body.replace(b"sha256:", b"sha512:", 1))


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


LIST_FAULTS = PASSING | {"truncated": (TRUNCATED, "something that is no tag list")}


@pytest.mark.parametrize("name", LIST_FAULTS)
async def test_listing(
    proxy: FaultyProxy, repository: ImageRepository, registry: HttpRegistry, name: str
) -> None:
    """A tag list that fails twice comes in the end; failing thrice is a temporary error."""
    fault, message = LIST_FAULTS[name]
    proxy.spoil("/tags/list", fault, fault)
    assert await registry.tags(repository) == ["1.0.0"]
    proxy.spoil("/tags/list", fault, fault, fault)
    with pytest.raises(
        TemporaryError, match=r"GET http://127\.0\.0\.1:\d+/v2/app/tags/list"
    ) as lost:
        await registry.tags(repository)
    assert message in str(lost.value)
    assert not isinstance(lost.value, CredentialError)


IMAGE_FAULTS = PASSING | {
    "truncated": (TRUNCATED, "bytes whose digest is sha256:"),
    "changed": (WRONG, "changes content on the way"),
    "wrong digest": (headed(Docker_Content_Digest="sha256:" + "0" * 64), "not sha256:0000"),
}


@pytest.mark.parametrize("name", IMAGE_FAULTS)
async def test_manifest(
    proxy: FaultyProxy, repository: ImageRepository, registry: HttpRegistry, name: str
) -> None:
    """A manifest that fails twice comes in the end; failing thrice is a temporary error."""
    fault, message = IMAGE_FAULTS[name]
    proxy.spoil("/manifests/1.0.0", fault, fault, fault)
    with pytest.raises(TemporaryError, match=r"/v2/app/manifests/1\.0\.0") as lost:
        await registry.image(repository, "1.0.0")
    assert message in str(lost.value)
    proxy.spoil("/manifests/1.0.0", fault, fault)
    found = await registry.image(repository, "1.0.0")
    assert found
    assert found.created_at == NOW


async def test_config(
    proxy: FaultyProxy, repository: ImageRepository, registry: HttpRegistry
) -> None:
    """A config is checked against the digest that the manifest gives for it."""
    digest = (await registry.image(repository, "1.0.0") and proxy.asked[-1]) or ""
    registry._documents._cache._contents.forget(digest.rpartition("/")[2])  # type: ignore[attr-defined] # the cache in memory
    proxy.spoil(digest.rpartition("/")[2], WRONG, TRUNCATED, changed(lambda _: b""))
    with pytest.raises(TemporaryError, match=r"/v2/app/blobs/sha256:.* bytes whose digest is"):
        await registry.image(repository, "1.0.0")


@pytest.mark.parametrize("announced", [None, "", "md5:0", "sha256:../../x"])
async def test_no_digest_announced(
    proxy: FaultyProxy, repository: ImageRepository, registry: HttpRegistry, announced: str | None
) -> None:
    """Where a registry announces no digest, it is computed from the manifest's bytes."""
    digest = await registry.digest(repository, "1.0.0")
    silent = headed(Docker_Content_Digest=announced)
    proxy.spoil("/manifests/1.0.0", *[silent] * 3)
    assert await registry.digest(repository, "1.0.0") == digest
    found = await registry.image(repository, "1.0.0")
    assert found
    assert found.digest == digest


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (RegistryOptions(attempts=1, read_timeout=0.2), "no answer came in time"),
        (RegistryOptions(attempts=1, timeout=0.2), "took longer than 0.2 s"),
    ],
)
async def test_stalled_in_mid_body(
    proxy: FaultyProxy, repository: ImageRepository, options: RegistryOptions, message: str
) -> None:
    """An answer that stops coming is waited for no longer than allowed."""
    proxy.spoil("/tags/list", stalled)
    async with aclosing(HttpRegistry(options)) as registry:
        with pytest.raises(TemporaryError, match=message):
            await registry.tags(repository)


async def test_refusal_is_not_repeated(
    proxy: FaultyProxy, repository: ImageRepository, registry: HttpRegistry
) -> None:
    """What will fail again is not tried again, and is told by its status and code."""
    proxy.spoil("/tags/list", status(400), status(403))
    with pytest.raises(PermanentError, match="/v2/app/tags/list was answered with 400"):
        await registry.tags(repository)
    with pytest.raises(CredentialError, match="answered 403; apply a Secret"):
        await registry.tags(repository)
    assert len(proxy.requests) == 2


async def test_registry_that_is_down(registry: HttpRegistry, asked: list[str]) -> None:
    """A registry that is not there is a temporary error that says so."""
    with pytest.raises(TemporaryError, match=r"GET http://127\.0\.0\.1:1/v2/app/tags/list failed"):
        await registry.tags(ImageRepository("127.0.0.1:1/app"))
    assert len(asked) == 3
