"""500 Warehouses over 20 repositories: how often the registry is asked, and until when.

A whole Ferryman with its usual limits, applied to at once, against a real registry. The
alternative is to ask for each Warehouse by itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from activities.in_order import in_order
from bench.delaying_proxy import DelayingProxy, delaying_proxy
from server.demo.images import push_image
from tests.e2e.installation import Installation
from tests.servers.registry import RunningRegistry, running_registry

WAREHOUSES, REPOSITORIES, TAGS = 500, 20, 5
TARGET = 60.0
_PROJECT = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: bench}
"""
_WAREHOUSE = """
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: w-NUMBER, namespace: bench}
spec:
  interval: 24h
  subscriptions:
  - image: {repoURL: HOST/bench/app-REPOSITORY}
"""


async def _measure(folder: Path) -> None:
    with running_registry(folder) as registry, delaying_proxy(registry.host, 0.0) as proxy:
        await _push(registry)
        ferryman = Installation(folder)
        try:
            await ferryman.start()
            await _race(ferryman, proxy)
        finally:
            ferryman.stop()


async def _race(ferryman: Installation, proxy: DelayingProxy) -> None:
    began = time.perf_counter()
    await ferryman.apply(_manifest(proxy.host))
    applied = time.perf_counter() - began
    store = ferryman.data / "ferryman.db"
    await ferryman.until(lambda: _discovered(store) == WAREHOUSES, seconds=5 * TARGET)
    took = time.perf_counter() - began
    passed = Counter(proxy.passed())
    what = f"{WAREHOUSES} Warehouses over {REPOSITORIES} repositories"
    apart = WAREHOUSES * (1 + 2 * TAGS)
    lists = passed["GET tags"]
    print(f"| {what}: tag lists | {lists} | {WAREHOUSES} | {WAREHOUSES / lists:.0f} x |")
    requests = sum(passed.values())
    print(f"| {what}: requests | {requests} | {apart} | {apart / requests:.0f} x |")
    print(
        f"| {what}: until all have Freight (apply answered after {applied:.0f} s)"
        f" | {took:.0f} s | {TARGET:.0f} s | {TARGET / took:.1f} x |",
        flush=True,
    )
    assert lists <= REPOSITORIES, passed
    assert took <= TARGET


def _discovered(store: Path) -> int:
    """How many Warehouses have made Freight."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        made = "json_extract(status, '$.lastFreightID') > ''"
        query = f"SELECT count(*) FROM resource WHERE kind = 'Warehouse' AND {made}"  # noqa: S608 - ours
        return int(connection.execute(query).fetchone()[0])


def _manifest(host: str) -> str:
    warehouses = (
        _WAREHOUSE.replace("NUMBER", str(number))
        .replace("HOST", host)
        .replace("REPOSITORY", str(number % REPOSITORIES))
        for number in range(WAREHOUSES)
    )
    return "".join([_PROJECT, *warehouses])


async def _push(registry: RunningRegistry) -> None:
    async with registry.pusher() as pusher:

        async def push(repository: int) -> None:
            for patch in range(TAGS):
                name, now = f"bench/app-{repository}", datetime.now(UTC)
                await push_image(pusher, registry.url, name, f"1.0.{patch}", now)

        await in_order(range(REPOSITORIES), push, at_once=4)


def main() -> None:
    """Three rows."""
    with tempfile.TemporaryDirectory(prefix="bench-warehouses-") as name:
        asyncio.run(_measure(Path(name)))


if __name__ == "__main__":
    main()
