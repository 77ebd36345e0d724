"""What can be read: lists and single objects, without secrets."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from ferryman.storage.store import Store
from tests.samples import AUTO_PROMOTION, CONFIG_MAP, POLICY, SECRET, together

SHOP = "/v1beta1/projects/shop"
UPSERT = "/v1beta1/resources?upsert=true"


async def test_lists_have_kubernetes_shape(pipeline: httpx.AsyncClient) -> None:
    """apiVersion, kind, metadata and items, each item as it is returned alone."""
    stages = (await pipeline.get(f"{SHOP}/stages")).json()
    assert (stages["apiVersion"], stages["kind"]) == ("kargo.akuity.io/v1alpha1", "StageList")
    assert [s["metadata"]["name"] for s in stages["items"]] == ["dev", "prod"]
    assert (await pipeline.get(f"{SHOP}/stages/dev")).json() == stages["items"][0]
    warehouses = (await pipeline.get(f"{SHOP}/warehouses")).json()
    assert warehouses["kind"] == "WarehouseList"
    assert (await pipeline.get(f"{SHOP}/warehouses/images")).json() == warehouses["items"][0]


async def test_empty_fields_are_left_out(pipeline: httpx.AsyncClient) -> None:
    """As Kargo's, so that what is read can be applied again."""
    dev = (await pipeline.get(f"{SHOP}/stages/dev")).json()
    assert "shard" not in dev["spec"]
    assert dev["metadata"]["namespace"] == "shop"


async def test_projects_are_counted(pipeline: httpx.AsyncClient) -> None:
    """Kargo's ListProjectsResponse."""
    listed = (await pipeline.get("/v1beta1/projects")).json()
    assert listed["total"] == 1
    assert (await pipeline.get(SHOP)).json() == listed["items"][0]


async def test_secrets_are_masked(pipeline: httpx.AsyncClient) -> None:
    """Addresses and user names are shown, nothing else."""
    await pipeline.put(UPSERT, content=SECRET)
    one = await pipeline.get(f"{SHOP}/repo-credentials/repo")
    assert one.json()["stringData"] == {
        "repoURL": "https://git.example/shop.git",
        "username": "ferry",
        "password": "*** REDACTED ***",
    }
    assert "hunter2" not in one.text
    listed = await pipeline.get(f"{SHOP}/repo-credentials")
    assert listed.json()["items"] == [one.json()]


async def test_other_secrets_are_no_repository_credentials(pipeline: httpx.AsyncClient) -> None:
    """A Secret without a repository's type is neither listed nor returned there."""
    generic = SECRET.replace("cred-type: git", "cred-type: generic")
    await pipeline.put(UPSERT, content=generic)
    assert (await pipeline.get(f"{SHOP}/repo-credentials")).json()["items"] == []
    assert (await pipeline.get(f"{SHOP}/repo-credentials/repo")).status_code == 404


async def test_config_maps_policies_and_config(pipeline: httpx.AsyncClient) -> None:
    """The smaller nouns can be listed and read."""
    await pipeline.put(UPSERT, content=together(CONFIG_MAP, POLICY, AUTO_PROMOTION))
    maps = (await pipeline.get(f"{SHOP}/configmaps")).json()["items"]
    assert maps == [(await pipeline.get(f"{SHOP}/configmaps/settings")).json()]
    assert maps[0]["data"] == {"colour": "blue"}
    policies = (await pipeline.get(f"{SHOP}/promotion-policies")).json()["items"]
    assert policies == [(await pipeline.get(f"{SHOP}/promotion-policies/ask")).json()]
    config = (await pipeline.get(f"{SHOP}/config")).json()
    assert config["spec"]["promotionPolicies"][0]["autoPromotionEnabled"] is True


async def test_events_are_kubernetes_events(pipeline: httpx.AsyncClient) -> None:
    """Who did what, why and when, about which object; kind and name narrow."""
    events = (await pipeline.get(f"{SHOP}/events?kind=Stage&name=dev")).json()["items"]
    assert len(events) == 1
    event = events[0]
    assert event["involvedObject"] == {"kind": "Stage", "name": "dev", "namespace": "shop"}
    assert (event["reason"], event["reportingComponent"]) == ("Created", "admin")
    assert len((await pipeline.get(f"{SHOP}/events?limit=2")).json()["items"]) == 2


async def test_the_step_catalogue_is_what_workers_published(
    client: httpx.AsyncClient, store: Store
) -> None:
    """The API knows no step itself."""
    assert (await client.get("/v1beta1/steps")).json() == {"items": []}
    steps = [{"kind": "git-push"}, {"kind": "git-clone"}]
    await store.workers.publish("w1", "ferryman.worker.w1", steps, now=datetime.now(UTC))
    listed = (await client.get("/v1beta1/steps")).json()["items"]
    assert [step["kind"] for step in listed] == ["git-clone", "git-push"]


async def test_the_system_tells_of_itself(client: httpx.AsyncClient) -> None:
    """Version, health, and how to sign in."""
    assert (await client.get("/v1beta1/system/server-version")).json()["version"]
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    public = (await client.get("/v1beta1/system/public-server-config")).json()
    assert public == {"adminAccountEnabled": True, "skipAuth": False}
