"""NewestBuild over 2,000 tags of a registry that is 20 ms away: the first look, and the next.

The alternative is the ideal: the same requests, one after another over each of ten bare sockets,
before and after, so that both meet the same noise. No rate is set, or that would be measured.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from activities.in_order import in_order
from bench.delaying_proxy import DelayingProxy, delaying_proxy
from ferryman.clients.registry import RegistryOptions
from server.demo.images import MANIFEST_TYPE, push_image
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.registry import RunningRegistry, running_registry
from tests.stores import open_store

TAGS, NEW = 2000, 3
DELAY = 0.02
TARGET = 1.3
REQUESTS_PER_IMAGE = 2
"""Manifest and config."""
_OPTIONS = RegistryOptions(requests_per_second=None, requests_per_second_per_host=None)


async def _measure(folder: Path) -> None:
    with running_registry(folder) as registry, delaying_proxy(registry.host, DELAY) as proxy:
        await _push(registry, range(TAGS))
        bare = await _bare(proxy)
        proxy.passed()
        async with open_store(folder) as store:
            crew = Crew(store)
            async with lookout_for(crew, folder, options=_OPTIONS) as lookout:
                await _declare(lookout, proxy, by_tag=True)
                took = await _look(lookout)
                requests = sum(proxy.passed().values())
                ideal = (bare + await _bare(proxy)) / 2
                proxy.passed()
                what = f"first look, NewestBuild of {TAGS:,} tags, 20 ms away"
                print(
                    f"| {what}: {requests:,} requests | {took:.1f} s | {ideal:.1f} s"
                    f" | {took / ideal:.2f} x |",
                    flush=True,
                )
                await _push(registry, range(TAGS, TAGS + NEW))
                await _next(lookout, proxy, 1 + NEW * REQUESTS_PER_IMAGE, "cacheByTag: true")
                await _declare(lookout, proxy, by_tag=False)
                await _push(registry, range(TAGS + NEW, TAGS + 2 * NEW))
                known = TAGS + NEW
                expected = 1 + known + NEW * REQUESTS_PER_IMAGE
                await _next(lookout, proxy, expected, "cacheByTag: false")
    assert took <= ideal * TARGET, f"more than {TARGET} times the ideal"


async def _next(lookout: Lookout, proxy: DelayingProxy, expected: int, how: str) -> None:
    took = await _look(lookout)
    requests = sum(proxy.passed().values())
    what = f"next look, {NEW} new tags, {how}: {took:.2f} s"
    print(f"| {what} | {requests:,} | {expected:,} | {requests / expected:.2f} x |", flush=True)
    assert requests == expected


async def _declare(lookout: Lookout, proxy: DelayingProxy, **how: Any) -> None:
    by_tag = {"cacheByTag": how["by_tag"]}
    wanted = {"repoURL": f"{proxy.host}/app", "imageSelectionStrategy": "NewestBuild", **by_tag}
    await lookout.declare({"image": wanted})
    lookout.crew.later(minutes=5)


async def _look(lookout: Lookout) -> float:
    began = time.perf_counter()
    outcome = await lookout.discover()
    took = time.perf_counter() - began
    assert outcome.created, outcome.message
    return took


async def _bare(proxy: DelayingProxy) -> float:
    """How long all manifests and configs take, when nothing is done with them; in seconds."""
    began = time.perf_counter()
    places = _OPTIONS.connections_per_host
    async with asyncio.TaskGroup() as group:
        for place in range(places):
            group.create_task(_ask(proxy.host, range(place, TAGS, places)))
    return time.perf_counter() - began


async def _ask(host: str, numbers: Sequence[int]) -> None:
    reader, writer = await asyncio.open_connection(*host.split(":"))

    async def get(path: str) -> bytes:
        lines = f"GET /v2/app/{path} HTTP/1.1", f"Host: {host}", f"Accept: {MANIFEST_TYPE}"
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert " 200 " in head, head
        return await reader.readexactly(int(head.partition("content-length: ")[2].split()[0]))

    for number in numbers:
        manifest = json.loads(await get(f"manifests/1.{number}.0"))
        await get(f"blobs/{manifest['config']['digest']}")
    writer.close()


async def _push(registry: RunningRegistry, numbers: Sequence[int]) -> None:
    async with registry.pusher() as pusher:

        async def push(number: int) -> None:
            made = NOW + timedelta(minutes=number)
            await push_image(pusher, registry.url, "app", f"1.{number}.0", made)

        await push(numbers[0])  # with the layer that all of them have
        await in_order(numbers[1:], push, at_once=8)


def main() -> None:
    """Three rows."""
    with tempfile.TemporaryDirectory(prefix="bench-discovery-") as name:
        asyncio.run(_measure(Path(name)))


if __name__ == "__main__":
    main()
