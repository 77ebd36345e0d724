"""A real registry, and the client with a record of what it asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.ports import ImageRepository
from tests.servers.registry import RunningRegistry, running_registry


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    """`docker-registry` without a password."""
    with running_registry(tmp_path) as registry:
        yield registry


@pytest.fixture
async def pusher(running: RunningRegistry) -> AsyncIterator[httpx.AsyncClient]:
    """Who pushes to it."""
    async with running.pusher() as client:
        yield client


@pytest.fixture
def asked() -> list[str]:
    """Method and path of every request that `registry` has sent."""
    return []


@pytest.fixture
async def registry(asked: list[str]) -> AsyncIterator[HttpRegistry]:
    """The client, with short pauses, so that tests of failures are quick."""

    def record(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url.path}")

    options = RegistryOptions(first_pause=0.01, requests_per_second=None)
    async with aclosing(HttpRegistry(options, on_request=record)) as client:
        yield client


async def fits(
    registry: HttpRegistry, repository: ImageRepository, tag: str, *, platform: str
) -> bool:
    """Whether a tag, which is there, has something for a platform."""
    found = await registry.image(repository, tag, platform=platform)
    assert found
    return found.fits
