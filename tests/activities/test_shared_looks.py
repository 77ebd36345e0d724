"""What looks cost a registry: one list for all in an interval, and what is known is not asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.demo.images import push_image
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.faulty_proxy import FaultyProxy, faulty_proxy
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers


@pytest.fixture
async def proxy(running: RunningRegistry) -> AsyncIterator[FaultyProxy]:
    """It, seen through what counts."""
    async with faulty_proxy(running.url) as counting:
        yield counting


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


async def push(running: RunningRegistry, *tags: str, platform: str = "linux/amd64") -> None:
    """Push images of the app."""
    async with running.pusher() as client:
        for number, tag in enumerate(tags):
            made = NOW + timedelta(minutes=number)
            await push_image(client, running.url, "app", tag, made, platform=platform)


def image(proxy: FaultyProxy, **more: Any) -> dict[str, Any]:
    """A subscription to the app."""
    return {"image": {"repoURL": f"{proxy.host}/app", **more}}


def asked(proxy: FaultyProxy) -> dict[str, int]:
    """How often lists, tags' manifests and configs were asked for since the last time."""
    kinds = Counter(
        f"{request.method} {request.url.path.split('/')[3]}" for request in proxy.requests
    )
    proxy.requests.clear()
    return dict(kinds)


async def test_one_list_for_all(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy
) -> None:
    """Within an interval, all Warehouses make do with one list, and one look at each tag."""
    await push(running, "1.0.0", "1.1.0")
    names = [f"app-{number}" for number in range(6)]
    for name in names:
        await lookout.declare(image(proxy), name=name)
    looks = [lookout.discover(name, scheduled=True) for name in names]
    assert all(outcome.created for outcome in await asyncio.gather(*looks))
    assert asked(proxy) == {"GET tags": 1, "GET manifests": 2, "GET blobs": 2}
    lookout.crew.later(minutes=5)
    looks = [lookout.discover(name, scheduled=True) for name in names]
    assert not any(outcome.created for outcome in await asyncio.gather(*looks))
    assert asked(proxy) == {"GET tags": 1, "HEAD manifests": 2}


async def test_who_asks(lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy) -> None:
    """A look that somebody asked for sees what was pushed a moment ago."""
    await push(running, "1.0.0")
    await lookout.declare(image(proxy))
    await lookout.discover(scheduled=True)
    await push(running, "1.1.0")
    assert not (await lookout.discover(scheduled=True)).created
    assert (await lookout.discover()).created


@pytest.mark.parametrize("by_tag", [True, False])
async def test_three_new_tags(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy, *, by_tag: bool
) -> None:
    """By tag, only what is new is asked for; else each tag that counts once more, by HEAD."""
    await push(running, *[f"1.{minor}.0" for minor in range(5)])
    await lookout.declare(
        image(proxy, imageSelectionStrategy="NewestBuild", discoveryLimit=2, cacheByTag=by_tag)
    )
    await lookout.discover()
    assert asked(proxy) == {"GET tags": 1, "GET manifests": 5, "GET blobs": 5}
    await push(running, "2.0.0", "2.1.0", "2.2.0")
    await lookout.discover()
    before = {} if by_tag else {"HEAD manifests": 5}
    assert asked(proxy) == {"GET tags": 1, "GET manifests": 3, "GET blobs": 3, **before}


async def test_after_a_restart(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy, crew: Crew, tmp_path: Path
) -> None:
    """What was fetched, by whichever worker and whenever, is not fetched again."""
    await push(running, "1.0.0", "1.1.0")
    await push(running, "1.2.0-arm", platform="linux/arm64")
    every = {"imageSelectionStrategy": "NewestBuild", "platform": "linux/amd64"}
    await lookout.declare(image(proxy, cacheByTag=True, **every))
    await lookout.declare(image(proxy, **every), name="other")
    await lookout.discover()
    asked(proxy)
    await crew.store.documents.flush()
    async with lookout_for(crew, tmp_path / "other") as another:
        await another.discover()
        assert asked(proxy) == {"GET tags": 1}
        await another.discover("other")
        assert asked(proxy) == {"GET manifests": 3}


async def test_by_digest(lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy) -> None:
    """A tag that is followed by its digest is asked each time, whatever `cacheByTag` says."""
    await push(running, "latest")
    await lookout.declare(
        image(proxy, imageSelectionStrategy="Digest", constraint="latest", cacheByTag=True)
    )
    first = await lookout.discover()
    async with running.pusher() as client:
        await push_image(client, running.url, "app", "latest", NOW, labels={"second": "1"})
    assert (await lookout.discover()).freight != first.freight
