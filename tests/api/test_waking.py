"""Whom the API wakes once something was declared or removed."""

from __future__ import annotations

import httpx

from tests.fakes.nudges import RecordingNudges
from tests.samples import (
    AUTO_PROMOTION,
    PIPELINE,
    POLICY,
    SECRET,
    WAREHOUSE,
    freight,
    stage,
    together,
)

UPSERT = "/v1beta1/resources?upsert=true"


async def _apply(client: httpx.AsyncClient, text: str) -> None:
    answer = await client.put(UPSERT, content=text)
    assert answer.status_code == 200, answer.text


async def test_a_new_pipeline_is_watched_and_looked_at(
    client: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Every Warehouse gets its interval and discovers at once; every Stage looks."""
    await _apply(client, PIPELINE)
    assert set(nudges.sent) == {
        ("watch", "shop", "images", 60.0),
        ("warehouse", "shop", "images"),
        ("stage", "shop", "dev"),
        ("stage", "shop", "prod"),
    }


async def test_an_unchanged_warehouse_is_watched_all_the_same(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Applying again mends a schedule that got lost, and wakes nobody else."""
    await _apply(pipeline, PIPELINE)
    assert nudges.sent == [("watch", "shop", "images", 60.0)]


async def test_an_interval_below_the_minimum_is_raised(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """No Warehouse discovers more often than the settings allow."""
    await _apply(pipeline, WAREHOUSE.replace("interval: 1m", "interval: 1s"))
    assert ("watch", "shop", "images", 10.0) in nudges.sent


async def test_policies_of_the_project_wake_its_stages(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Who may auto-promote has changed, so every Stage looks again."""
    await _apply(pipeline, AUTO_PROMOTION)
    assert set(nudges.sent) == {("stage", "shop", "dev"), ("stage", "shop", "prod")}


async def test_a_secret_wakes_open_promotions_and_warehouses(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """What waited for a credential goes on once one is there."""
    await _apply(pipeline, freight("1.0.0", "lucky-jaguar"))
    promoted = await pipeline.post(
        "/v1beta1/projects/shop/stages/dev/promotions", json={"freightAlias": "lucky-jaguar"}
    )
    nudges.sent.clear()
    await _apply(pipeline, SECRET)
    name = promoted.json()["metadata"]["name"]
    assert set(nudges.sent) == {("promotion", "shop", name), ("warehouse", "shop", "images")}


async def test_a_policy_wakes_open_promotions_when_it_comes_and_when_it_goes(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """A Promotion that waits at its gate learns at once what the gate asks for now."""
    await _apply(pipeline, freight("1.0.0"))
    promoted = await pipeline.post(
        "/v1beta1/projects/shop/stages/dev/promotions", json={"origin": "images"}
    )
    name = promoted.json()["metadata"]["name"]
    nudges.sent.clear()
    await _apply(pipeline, POLICY)
    assert ("promotion", "shop", name) in nudges.sent
    nudges.sent.clear()
    await pipeline.request("DELETE", "/v1beta1/resources", content=POLICY)
    assert nudges.sent == [("promotion", "shop", name)]


async def test_a_changed_stage_wakes_itself_only(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Other Stages have nothing to decide anew."""
    await _apply(pipeline, stage("dev", steps=False))
    assert nudges.sent == [("stage", "shop", "dev")]


async def test_freight_by_hand_wakes_the_stages_that_take_it(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Freight made by hand takes part in auto-promotion as any other."""
    await _apply(pipeline, freight("1.0.0"))
    assert nudges.sent == [("stage", "shop", "dev")]


async def test_a_deleted_warehouse_is_no_longer_watched(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Deleting a Warehouse, or its Project, ends its schedule."""
    await pipeline.delete("/v1beta1/projects/shop/warehouses/images")
    assert nudges.sent == [("forget", "shop", "images")]
    await _apply(pipeline, together(WAREHOUSE))
    nudges.sent.clear()
    await pipeline.delete("/v1beta1/projects/shop")
    assert nudges.sent == [("forget", "shop", "images")]


async def test_a_deleted_project_tells_what_runs_in_it(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Open Promotions look once more, and see that they are gone."""
    await _apply(pipeline, freight("1.0.0"))
    promoted = await pipeline.post(
        "/v1beta1/projects/shop/stages/dev/promotions", json={"origin": "images"}
    )
    nudges.sent.clear()
    await pipeline.delete("/v1beta1/projects/shop")
    assert ("promotion", "shop", promoted.json()["metadata"]["name"]) in nudges.sent


async def test_refreshing_wakes_what_was_named(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """`refresh` wakes exactly that Stage or Warehouse, and nothing that is not there."""
    for path in ("stages/dev", "warehouses/images"):
        answer = await pipeline.post(f"/v1beta1/projects/shop/{path}/refresh")
        assert answer.status_code == 200
    assert nudges.sent == [("stage", "shop", "dev"), ("warehouse", "shop", "images")]
    assert (await pipeline.post("/v1beta1/projects/shop/stages/qa/refresh")).status_code == 404


async def test_many_nudges_are_sent_a_few_at_a_time(
    client: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Forty Stages at once wake all forty."""
    names = [f"s{number}" for number in range(40)]
    await _apply(client, together(PIPELINE, *(stage(name) for name in names)))
    assert {("stage", "shop", name) for name in names} <= set(nudges.sent)
