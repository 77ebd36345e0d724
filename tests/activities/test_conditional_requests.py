"""Conditional requests: what has not changed is asked for, and not sent again."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
from starlette.types import Send

from ferryman.domain.warehouse import ImageDiscovery
from server.demo.images import push_image
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.chart_repository import push_chart, running_charts
from tests.servers.faulty_proxy import FaultyProxy, faulty_proxy, untouched
from tests.servers.registry import running_registry

Publish = Callable[[str], Awaitable[None]]
Seen = tuple[str, list[bool]]
"""The newest version, and the requests for the list: did each come with a condition?"""
EXPECTED: list[Seen] = [("1.0.0", [False]), ("1.0.0", [True]), ("1.1.0", [True])]


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


async def recognised(answer: httpx.Response, send: Send) -> None:
    """Answer with an ETag, or with 304 to who has it: the test's registry does neither."""
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
    known = answer.request.headers.get("If-None-Match") == etag
    content = b"" if known else answer.content
    again = httpx.Response(304 if known else 200, headers={"ETag": etag}, content=content)
    await untouched(again, send)


def conditions(proxy: FaultyProxy, path: str) -> list[bool]:
    """Of the requests to `path` since the last time: did they come with a condition?"""
    asked = [request for request in proxy.requests if request.url.path.endswith(path)]
    proxy.requests.clear()
    return ["If-None-Match" in request.headers for request in asked]


async def looks(lookout: Lookout, publish: Publish, asked: Callable[[], list[bool]]) -> list[Seen]:
    """Three intervals of two Warehouses; between the second and the third, 1.1.0 is published."""
    seen = []
    for number in range(3):
        outcomes = [await lookout.discover(name, scheduled=True) for name in ("app", "other")]
        assert [outcome.message for outcome in outcomes] == ["", ""]
        (finding,) = (found := await lookout.found()).images or found.charts
        newest = (
            finding.references[0].tag
            if isinstance(finding, ImageDiscovery)
            else finding.versions[0]
        )
        seen.append((newest, asked()))
        if number == 1:
            await publish("1.1.0")
        lookout.crew.later(minutes=5)
    return seen


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["image", "chart"])
async def test_tag_lists(lookout: Lookout, tmp_path: Path, kind: str) -> None:
    """Of images and of OCI charts alike, one list an interval, which is sent once it changed."""
    with running_registry(tmp_path) as running:

        async def publish(version: str) -> None:
            if kind == "chart":
                await push_chart(running, "app", version)
                return
            async with running.pusher() as pusher:
                await push_image(pusher, running.url, "app", version, NOW)

        async with faulty_proxy(running.url) as proxy:
            proxy.spoil("/tags/list", *[recognised] * len(EXPECTED))
            scheme = "oci://" if kind == "chart" else ""
            for name in ("app", "other"):
                await lookout.declare({kind: {"repoURL": f"{scheme}{proxy.host}/app"}}, name=name)
            await publish("1.0.0")
            assert (
                await looks(lookout, publish, partial(conditions, proxy, "/tags/list")) == EXPECTED
            )


async def test_indexes(lookout: Lookout) -> None:
    """Of a classic repository, one index an interval for all its charts."""
    async with running_charts(app=["1.0.0"], other=["1.0.0"]) as (url, server):

        async def publish(version: str) -> None:
            server.publish(app=["1.0.0", version], other=["1.0.0"])

        async with faulty_proxy(url.removesuffix("/charts")) as proxy:
            for name in ("app", "other"):
                chart = {"repoURL": f"{proxy.url}/charts", "name": name}
                await lookout.declare({"chart": chart}, name=name)
            assert (
                await looks(lookout, publish, partial(conditions, proxy, "/index.yaml")) == EXPECTED
            )
    assert dict(server.answered) == {200: 2, 304: 1}
