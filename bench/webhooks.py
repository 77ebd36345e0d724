"""From a webhook's delivery to Freight in the store, and to the commit on the remote.

A whole Ferryman, a real registry, real git over HTTP.

The alternative is to be asked: Kargo's shortest usual interval, of which half passes on average.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench import git_small
from bench.git_race import CREDENTIAL, make_remote, serving
from server.demo.images import push_image
from tests.e2e.installation import Installation
from tests.servers.registry import RunningRegistry, running_registry

ROUNDS = 40
_POLLING = 150.0
_FREIGHT, _COMMIT = 1.0, 3.0
"""Seconds within which 95 of 100 are there."""
_QUIET = 1.1
"""Seconds between deliveries: a look is some 20 requests, and so many a second are allowed."""
_MANIFEST = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: bench}
---
apiVersion: v1
kind: Secret
metadata: {name: hook, namespace: bench}
stringData: {secret: between-us}
---
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: bench
  labels: {kargo.akuity.io/cred-type: git}
stringData: {repoURL: "@URL@", username: "@USER@", password: "@PASSWORD@"}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: bench, namespace: bench}
spec:
  promotionPolicies:
  - {stageSelector: {name: test}, autoPromotionEnabled: true}
  webhookReceivers:
  - {name: hub, dockerhub: {secretRef: {name: hook}}}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: shop, namespace: bench}
spec:
  interval: 24h
  subscriptions:
  - image: {repoURL: bench/shop}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: test, namespace: bench}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: shop}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        config: {repoURL: "@URL@", checkout: [{branch: main, path: ./src}]}
      - uses: yaml-update
        as: update
        config:
          path: ./src/env/7.yaml
          updates: [{key: image, value: "${{ quote(imageFrom('bench/shop').Tag) }}"}]
      - uses: git-commit
        config: {path: ./src, message: "${{ outputs.update.commitMessage }}"}
      - uses: git-push
        config: {path: ./src}
"""


@dataclass
class _Times:
    """Seconds after deliveries."""

    freight: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)


async def _measure(folder: Path, registry: RunningRegistry) -> _Times:
    mirrors = f'{{"mirrors": {{"docker.io": "{registry.url}"}}}}'
    ferryman = Installation(folder, {"FERRYMAN_REGISTRY": mirrors})
    remote = folder / "remotes" / "config.git"
    make_remote(remote, git_small.history())
    accounts = folder / "accounts"
    accounts.write_text(f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    times = _Times()
    async with serving(folder / "remotes", accounts) as url, httpx.AsyncClient() as sender:
        try:
            await ferryman.start()
            await _push(registry, "1.0.0")
            await ferryman.apply(_manifest(f"{url}/config.git"))
            await ferryman.until(lambda: _stands(remote, "1.0.0"))
            hook = (await ferryman.get("projects/bench/webhooks/hub"))["url"]
            for number in range(1, ROUNDS + 1):
                tag = f"1.0.{number}"
                await _push(registry, tag)
                await asyncio.sleep(_QUIET)
                body = {"push_data": {"tag": tag}, "repository": {"repo_name": "bench/shop"}}
                before, began = _head(remote), time.perf_counter()
                (await sender.post(hook, json=body)).raise_for_status()
                await _appears(ferryman, tag)
                times.freight.append(time.perf_counter() - began)
                while _head(remote) == before:  # noqa: ASYNC110 - another process moves it
                    await asyncio.sleep(0.005)
                times.commit.append(time.perf_counter() - began)
        finally:
            ferryman.stop()
    return times


def _head(remote: Path) -> str:
    """Where a branch stands; "" before it was first pushed to."""
    loose = remote / "refs" / "heads" / "main"
    return loose.read_text() if loose.exists() else ""


def _stands(remote: Path, tag: str) -> bool:
    """Whether the remote's branch has the tag."""
    argv = ["git", f"--git-dir={remote}", "show", "main:env/7.yaml"]
    return tag in subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _manifest(url: str) -> str:
    filled = {"@URL@": url, "@USER@": CREDENTIAL.username, "@PASSWORD@": CREDENTIAL.password}
    text = _MANIFEST
    for placeholder, value in filled.items():
        text = text.replace(placeholder, value)
    return text


async def _push(registry: RunningRegistry, tag: str) -> None:
    async with registry.pusher() as pusher:
        await push_image(pusher, registry.url, "bench/shop", tag, datetime.now(UTC))


async def _appears(ferryman: Installation, tag: str) -> None:
    async with ferryman.client() as client:
        path = "/v1beta1/projects/bench/freight"
        while f'"tag":"{tag}"' not in (await client.get(path)).text:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.005)


def main() -> None:
    """Two rows: the medians and the 95th percentiles."""
    with tempfile.TemporaryDirectory(prefix="bench-webhooks-") as name:
        folder = Path(name)
        with running_registry(folder) as registry:
            times = asyncio.run(_measure(folder, registry))
    _show("Freight", times.freight, _FREIGHT)
    _show("commit on the remote", times.commit, _COMMIT)


def _show(what: str, took: list[float], target: float) -> None:
    median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    name = f"webhook → {what}, median (95 % within {p95 * 1000:.0f} ms)"
    ratio = _POLLING / median
    print(f"| {name} | {median * 1000:.0f} ms | {_POLLING:.0f} s | {ratio:.0f} x |", flush=True)
    assert p95 <= target, f"more than {target} s"


if __name__ == "__main__":
    main()
