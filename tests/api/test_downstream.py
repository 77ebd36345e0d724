"""Promoting to all Stages that come after one."""

from __future__ import annotations

import httpx
import pytest

from ferryman.storage.store import Store
from tests.fakes.nudges import RecordingNudges
from tests.promotions import carry
from tests.samples import freight, stage, together
from tests.stores import keep, restored

UPSERT = "/v1beta1/resources?upsert=true"
SHOP = "/v1beta1/projects/shop"
DOWNSTREAM = f"{SHOP}/stages/dev/promotions/downstream"


@pytest.fixture
async def shop(
    pipeline: httpx.AsyncClient, store: Store, nudges: RecordingNudges
) -> httpx.AsyncClient:
    """Freight that dev found good; after dev come two Stages, and one without steps."""
    if restored(store, "downstream"):
        return pipeline
    text = together(
        freight("1.0.0", "one"),
        freight("1.1.0", "two"),
        stage("qa", after="dev"),
        stage("joint", after="dev", steps=False),
    )
    assert (await pipeline.put(UPSERT, content=text)).status_code == 200
    promoted = await pipeline.post(f"{SHOP}/stages/dev/promotions", json={"freightAlias": "one"})
    await carry(store, "shop", promoted.json()["metadata"]["name"])
    nudges.sent.clear()
    keep(store, "downstream")
    return pipeline


async def test_every_stage_has_a_promotion(
    shop: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """One each, but not where there is nothing to run (Kargo §14.19)."""
    answer = await shop.post(DOWNSTREAM, json={"freightAlias": "one"})
    assert answer.status_code == 201
    promotions = answer.json()["promotions"]
    assert [promotion["spec"]["stage"] for promotion in promotions] == ["prod", "qa"]
    assert nudges.sent == [("promotion", "shop", p["metadata"]["name"]) for p in promotions]


async def test_as_far_as_it_is_let_in(shop: httpx.AsyncClient) -> None:
    """207 with the Promotions that there are, and why the others are not; 400 if there is none."""
    await shop.post(f"{SHOP}/freight/two/approve?stage=qa")
    some = await shop.post(DOWNSTREAM, json={"freight": "two"})
    assert some.status_code == 207
    assert [promotion["spec"]["stage"] for promotion in some.json()["promotions"]] == ["qa"]
    (error,) = some.json()["errors"]
    assert error.startswith("stage prod: ")
    assert "not verified in stage dev" in error
    await shop.delete(f"{SHOP}/stages/qa")
    none = await shop.post(DOWNSTREAM, json={"freight": "two"})
    assert none.status_code == 400
    assert "not verified in stage dev" in none.json()["error"]


@pytest.mark.parametrize(
    ("stage", "body", "status"),
    [
        ("prod", {"freight": "one"}, 404),
        ("nowhere", {"freight": "one"}, 404),
        ("dev", {"freight": "nothing"}, 404),
        ("dev", {}, 400),
        ("dev", {"freight": "one", "freightAlias": "one"}, 400),
        ("dev", {"origin": "images"}, 400),
    ],
)
async def test_what_leads_nowhere(
    shop: httpx.AsyncClient, stage: str, body: dict[str, str], status: int
) -> None:
    """Nothing comes after, or there is no such thing."""
    answer = await shop.post(f"{SHOP}/stages/{stage}/promotions/downstream", json=body)
    assert answer.status_code == status, answer.text
