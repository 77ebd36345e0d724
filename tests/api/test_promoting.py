"""Promoting, and the two approvals."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ferryman.storage.store import Store
from tests.fakes.nudges import RecordingNudges
from tests.samples import POLICY, freight, stage, together
from tests.stores import keep, restored

UPSERT = "/v1beta1/resources?upsert=true"
SHOP = "/v1beta1/projects/shop"


@pytest.fixture
async def shop(
    pipeline: httpx.AsyncClient, store: Store, nudges: RecordingNudges
) -> httpx.AsyncClient:
    """The pipeline with one Freight, lucky-jaguar, and a policy that asks before prod."""
    if not restored(store, "stocked"):
        text = together(POLICY, freight("1.0.0", "lucky-jaguar"))
        assert (await pipeline.put(UPSERT, content=text)).status_code == 200
        nudges.sent.clear()
        keep(store, "stocked")
    return pipeline


async def _promote(client: httpx.AsyncClient, stage: str) -> dict[str, Any]:
    answer = await client.post(
        f"{SHOP}/stages/{stage}/promotions", json={"freightAlias": "lucky-jaguar"}
    )
    assert answer.status_code == 201, answer.text
    promotion: dict[str, Any] = answer.json()
    return promotion


async def test_a_promotion_is_created_and_woken(
    shop: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Promoting answers 201 with the Promotion, frozen as the Stage is now."""
    promotion = await _promote(shop, "dev")
    name = promotion["metadata"]["name"]
    assert promotion["spec"]["stage"] == "dev"
    assert [step["uses"] for step in promotion["spec"]["steps"]] == ["git-clone", "git-push"]
    assert promotion["status"]["phase"] == "Pending"
    assert nudges.sent == [("promotion", "shop", name)]
    listed = (await shop.get(f"{SHOP}/promotions?stage=dev")).json()
    assert [item["metadata"]["name"] for item in listed["items"]] == [name]
    assert (await shop.get(f"{SHOP}/promotions/{name}")).json() == promotion


async def test_the_newest_of_an_origin_is_taken(shop: httpx.AsyncClient) -> None:
    """`origin` takes the candidate of auto-promotion, as `name` or `Warehouse/name`."""
    await shop.put(UPSERT, content=freight("1.1.0"))
    for origin in ("images", "Warehouse/images"):
        answer = await shop.post(f"{SHOP}/stages/dev/promotions", json={"origin": origin})
        assert answer.json()["status"]["freight"]["images"][0]["tag"] == "1.1.0"


@pytest.mark.parametrize("body", [{}, {"freight": "a", "origin": "b"}])
async def test_exactly_one_way_to_name_the_freight(
    shop: httpx.AsyncClient, body: dict[str, str]
) -> None:
    """None or two of freight, freightAlias and origin are refused."""
    answer = await shop.post(f"{SHOP}/stages/dev/promotions", json=body)
    assert answer.status_code == 400
    assert "exactly one of freight, freightAlias and origin" in answer.json()["error"]


async def test_what_may_not_enter_is_refused_with_every_reason(shop: httpx.AsyncClient) -> None:
    """Freight that is not verified upstream is kept out, in words."""
    answer = await shop.post(f"{SHOP}/stages/prod/promotions", json={"freight": "lucky-jaguar"})
    assert answer.status_code == 400
    assert "not verified in stage dev" in answer.json()["error"]


async def test_approving_freight_lets_it_in(
    shop: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Kargo's approval: no upstream verification is needed then; who and why is kept."""
    url = f"{SHOP}/freight/lucky-jaguar/approve?stage=prod"
    answer = await shop.post(url, json={"comment": "hotfix"})
    assert answer.json()["status"]["approvedFor"]["prod"]["comment"] == "hotfix"
    assert nudges.sent == [("stage", "shop", "prod")]
    available = (await shop.get(f"{SHOP}/freight?stage=prod")).json()["groups"][""]["items"]
    assert [f["alias"] for f in available] == ["lucky-jaguar"]
    await _promote(shop, "prod")


async def test_freight_is_approved_only_for_stages_that_ask_for_its_origin(
    shop: httpx.AsyncClient,
) -> None:
    """An approval that could never have an effect is refused; a comment is not needed."""
    other = stage("elsewhere").replace("name: images", "name: others")
    await shop.put(UPSERT, content=other)
    refused = await shop.post(f"{SHOP}/freight/lucky-jaguar/approve?stage=elsewhere")
    assert refused.status_code == 400
    assert "takes no Freight of Warehouse/images" in refused.json()["error"]
    assert (await shop.post(f"{SHOP}/freight/nobody/approve?stage=prod")).status_code == 404
    assert (await shop.post(f"{SHOP}/freight/lucky-jaguar/approve?stage=prod")).status_code == 200


async def test_decisions_are_recorded_with_actor_and_comment(
    shop: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Approving a Promotion is a decision of the bearer, told in the events; twice is refused."""
    name = (await _promote(shop, "dev"))["metadata"]["name"]
    nudges.sent.clear()
    approved = await shop.post(f"{SHOP}/promotions/{name}/approve", json={"comment": "looks good"})
    assert approved.status_code == 200
    assert nudges.sent == [("promotion", "shop", name)]
    again = await shop.post(f"{SHOP}/promotions/{name}/approve")
    assert again.status_code == 409
    assert "admin approved it already" in again.json()["error"]
    explained = (await shop.get(f"{SHOP}/promotions/{name}/explain")).json()
    assert [d["comment"] for d in explained["decisions"]] == ["looks good", ""]
    events = (await shop.get(f"{SHOP}/events?kind=Promotion")).json()["items"]
    assert [(e["reason"], e["type"]) for e in events] == [
        ("PromotionCreated", "Normal"),
        ("PromotionApproved", "Normal"),
        ("DecisionRefused", "Warning"),
    ]
    assert events[1]["metadata"]["annotations"] == {"event.kargo.akuity.io/actor": "admin"}


async def test_rejecting_and_aborting_wake_the_promotion(
    shop: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Both are decisions that the Promotion itself acts on."""
    for verb in ("reject", "abort", "refresh"):
        name = (await _promote(shop, "dev"))["metadata"]["name"]
        nudges.sent.clear()
        assert (await shop.post(f"{SHOP}/promotions/{name}/{verb}")).status_code == 200
        assert nudges.sent == [("promotion", "shop", name)]
        assert (await shop.post(f"{SHOP}/promotions/nobody/{verb}")).status_code == 404


async def test_explain_says_what_a_new_promotion_waits_for(shop: httpx.AsyncClient) -> None:
    """Even before a worker has looked at it, there is an answer."""
    name = (await _promote(shop, "dev"))["metadata"]["name"]
    explained = (await shop.get(f"{SHOP}/promotions/{name}/explain")).json()
    assert (explained["phase"], explained["stage"]) == ("Pending", "dev")
    assert explained["unmet"][0]["reason"] == "WaitingForWorker"


async def test_a_promotion_manifest_promotes_once(shop: httpx.AsyncClient) -> None:
    """Applying it again changes nothing while it is on its way; what may not enter is refused."""
    manifest = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Promotion
metadata: {namespace: shop}
spec: {stage: dev, freight: FREIGHT}
"""
    found = (await shop.get(f"{SHOP}/freight/lucky-jaguar")).json()
    manifest = manifest.replace("FREIGHT", found["metadata"]["name"])
    outcomes = [
        (await shop.put(UPSERT, content=manifest)).json()["results"][0]["outcome"] for _ in range(2)
    ]
    assert outcomes == ["created", "unchanged"]
    refused = await shop.put(UPSERT, content=manifest.replace("dev", "prod"))
    assert "not verified in stage dev" in refused.json()["results"][0]["error"]
    missing = await shop.put(UPSERT, content=manifest.replace("dev", "qa"))
    assert "stage qa does not exist" in missing.json()["results"][0]["error"]
