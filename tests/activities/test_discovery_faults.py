"""A registry's bad days, as a Warehouse meets them: nothing is lost, and nothing hangs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.types import Send

from server.demo.images import push_image
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.faulty_proxy import (
    Fault,
    FaultyProxy,
    changed,
    cut_off,
    faulty_proxy,
    stalled,
    status,
    untouched,
)
from tests.servers.registry import RunningRegistry

pytestmark = pytest.mark.servers


@pytest.fixture
async def proxy(running: RunningRegistry) -> AsyncIterator[FaultyProxy]:
    """What stands in front of it."""
    async with faulty_proxy(running.url) as faulty:
        yield faulty


@pytest.fixture
async def lookout(crew: Crew, proxy: FaultyProxy, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers; its Warehouse subscribes to the app."""
    async with lookout_for(crew, tmp_path) as made:
        await made.declare({"image": {"repoURL": f"{proxy.host}/app"}}, interval="1s")
        yield made


async def push(running: RunningRegistry, tag: str) -> str:
    """Push an image of the app; gives its digest."""
    async with running.pusher() as client:
        return await push_image(client, running.url, "app", tag, NOW)


_FAULTS = {
    "429": status(429, Retry_After="120"),
    "500": status(500),
    "mid-body": stalled,
    "hang-up": cut_off,
    "truncated": changed(lambda body: body[: len(body) // 2]),
    "not-json": changed(lambda _: b"<html>welcome</html>"),
}


@pytest.mark.parametrize("path", ["/tags/list", "/manifests/1.1.0"])
@pytest.mark.parametrize("fault", _FAULTS)
async def test_a_bad_day(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy, path: str, fault: str
) -> None:
    """Trouble is told and waited out; what was found stays, and what is new is found after it."""
    await push(running, "1.0.0")
    first = await lookout.freight(await lookout.discover())
    await push(running, "1.1.0")
    proxy.spoil(path, *[_FAULTS[fault]] * 3)
    troubled = await lookout.discover()
    assert troubled.freight == ""
    assert (await lookout.condition())[0] == "False"
    (shown,) = (await lookout.found()).images
    assert [reference.tag for reference in shown.references] == ["1.0.0"]
    next_ = (await lookout.status()).next_attempt_at
    assert next_
    waits = (next_ - lookout.crew.now).total_seconds()
    assert (110 < waits <= 120) if fault == "429" else waits == 30
    if fault == "429":
        return  # the client keeps away for as long as it was told; test_politeness has that
    lookout.crew.now = next_ - timedelta(seconds=1)
    second = await lookout.freight(await lookout.discover(scheduled=True))
    assert [image.tag for image in second.images] == ["1.1.0"]
    assert second.name != first.name
    assert (await lookout.status()).failures == 0


@pytest.mark.parametrize("fault", _FAULTS)
async def test_a_bad_moment(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy, fault: str
) -> None:
    """One bad answer is asked again, and nobody hears of it."""
    await push(running, "1.0.0")
    faults = _FAULTS | {"429": status(429, Retry_After="0")}
    proxy.spoil("/tags/list", faults[fault])
    assert (await lookout.discover()).created


async def test_a_wrong_digest(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy
) -> None:
    """Content that is not what it is said to be becomes no Freight."""
    await push(running, "1.0.0")
    proxy.spoil("/manifests/1.0.0", *[changed(lambda body: body.replace(b" ", b"") + b" ")] * 3)
    outcome = await lookout.discover()
    assert outcome.freight == ""
    assert "changes content on the way" in outcome.message
    assert (await lookout.discover()).created


async def test_deleted_between_list_and_look(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy
) -> None:
    """A tag that is gone when it is looked at is passed over, for the next best."""
    await push(running, "1.0.0")
    digest = await push(running, "1.1.0")

    async def deleted(answer: httpx.Response, send: Send) -> None:
        async with running.pusher() as client:
            await client.delete(f"{running.url}/v2/app/manifests/{digest}")
        await untouched(answer, send)

    proxy.spoil("/tags/list", deleted)
    freight = await lookout.freight(await lookout.discover())
    assert [image.tag for image in freight.images] == ["1.0.0"]


async def test_a_hundred_thousand_tags(
    lookout: Lookout, running: RunningRegistry, proxy: FaultyProxy
) -> None:
    """Of 100,000 tags the newest is found, with no more requests than of a few."""
    await push(running, "1.0.0")
    many = [f"0.{minor}.{patch}" for minor in range(1000) for patch in range(100)]
    listed: Fault = changed(lambda _: json.dumps({"tags": [*many, "1.0.0"]}).encode())
    proxy.spoil("/tags/list", listed)
    await lookout.declare({"image": {"repoURL": f"{proxy.host}/app", "discoveryLimit": 1}})
    freight = await lookout.freight(await lookout.discover())
    assert [image.tag for image in freight.images] == ["1.0.0"]
    assert len(proxy.requests) == 3
