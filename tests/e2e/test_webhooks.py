"""From a push to a registry, told by a webhook, to Freight: with real processes and servers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.e2e.conftest import World

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

MANIFEST = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: echo-server}
---
apiVersion: v1
kind: Secret
metadata: {name: hook, namespace: echo-server, labels: {kargo.akuity.io/cred-type: generic}}
stringData: {secret: between-us, auth-header: between-us}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: echo-server, namespace: echo-server}
spec:
  webhookReceivers:
  - {name: hub, dockerhub: {secretRef: {name: hook}}}
  - {name: harbor, harbor: {secretRef: {name: hook}}}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: images, namespace: echo-server}
spec:
  interval: 24h
  subscriptions:
  - image: {repoURL: ealen/echo-server, constraint: ^1.0.0}
"""


async def _tags(world: World) -> set[str]:
    groups = (await world.ferryman.get("projects/echo-server/freight"))["groups"]
    return {f["images"][0]["tag"] for group in groups.values() for f in group["items"]}


async def _deliver(world: World, name: str, body: Any, **headers: str) -> httpx.Response:
    found = await world.ferryman.get(f"projects/echo-server/webhooks/{name}")
    async with httpx.AsyncClient() as sender:
        answer = await sender.post(found["url"], json=body, headers=headers)
    digest = found["path"].rpartition("/")[2]
    logs = [world.ferryman.folder / "server.log", *world.ferryman.data.glob("logs/*.log")]
    assert not any(digest in log.read_text() for log in logs if log.exists())
    return answer


async def test_a_push_becomes_freight_at_once(world: World) -> None:
    """Docker Hub's and Harbor's word suffice; a tag that is not wanted wakes nobody."""
    await world.push_image("1.0.0")
    await world.ferryman.apply(MANIFEST)
    await world.ferryman.until(lambda: _has(world, {"1.0.0"}))

    await world.push_image("1.1.0")
    pushed = {"push_data": {"tag": "1.1.0"}, "repository": {"repo_name": "ealen/echo-server"}}
    answer = await _deliver(world, "hub", pushed)
    assert answer.json() == {"msg": "refreshed 1 warehouse(s)"}
    await world.ferryman.until(lambda: _has(world, {"1.0.0", "1.1.0"}))

    await world.push_image("1.2.0")
    resource = {"tag": "1.2.0", "resource_url": "docker.io/ealen/echo-server:1.2.0"}
    body = {"type": "PUSH_ARTIFACT", "event_data": {"resources": [resource]}}
    assert (await _deliver(world, "harbor", body)).status_code == 401
    answer = await _deliver(world, "harbor", body, Authorization="between-us")
    assert answer.json() == {"msg": "refreshed 1 warehouse(s)"}
    await world.ferryman.until(lambda: _has(world, {"1.0.0", "1.1.0", "1.2.0"}))

    pushed["push_data"]["tag"] = "2.0.0"
    answer = await _deliver(world, "hub", pushed)
    assert answer.json() == {"msg": "refreshed 0 warehouse(s)"}


async def _has(world: World, tags: set[str]) -> bool:
    return await _tags(world) == tags
