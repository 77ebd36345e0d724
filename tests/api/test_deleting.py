"""Deleting by path and by manifest."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.samples import PIPELINE, PROJECT, SECRET, freight, together

SHOP = "/v1beta1/projects/shop"
RESOURCES = "/v1beta1/resources"


async def test_objects_go_by_their_path(pipeline: httpx.AsyncClient) -> None:
    """204, and 404 when it is gone already."""
    for path in ("/stages/prod", "/warehouses/images", ""):
        assert (await pipeline.delete(SHOP + path)).status_code == 204
        assert (await pipeline.delete(SHOP + path)).status_code == 404


async def test_a_project_goes_with_all_that_it_holds(pipeline: httpx.AsyncClient) -> None:
    """A Project of that name made later is empty."""
    await pipeline.delete(SHOP)
    await pipeline.post(RESOURCES, content=PROJECT)
    assert (await pipeline.get(f"{SHOP}/stages")).json()["items"] == []


async def test_what_manifests_name_goes_the_last_first(pipeline: httpx.AsyncClient) -> None:
    """A whole pipeline can be deleted by the file that made it; results stay in its order."""
    answer = await pipeline.request("DELETE", RESOURCES, content=PIPELINE)
    assert answer.status_code == 200
    gone = [r["deletedResourceManifest"]["kind"] for r in answer.json()["results"]]
    assert gone == ["Project", "Warehouse", "Stage", "Stage"]
    again = await pipeline.request("DELETE", RESOURCES, content=PIPELINE)
    assert all("does not exist" in r["error"] for r in again.json()["results"])


async def test_a_name_is_enough(pipeline: httpx.AsyncClient) -> None:
    """Only kind, namespace and name count, and the namespace may be the request's."""
    bare = "{apiVersion: kargo.akuity.io/v1alpha1, kind: Stage, metadata: {name: prod}}"
    answer = await pipeline.request("DELETE", f"{RESOURCES}?project=shop", content=bare)
    assert answer.json()["results"][0]["deletedResourceManifest"]["metadata"]["name"] == "prod"


async def test_a_deleted_secret_is_answered_masked(pipeline: httpx.AsyncClient) -> None:
    """Its last words are not its values."""
    await pipeline.put(f"{RESOURCES}?upsert=true", content=SECRET)
    answer = await pipeline.request("DELETE", RESOURCES, content=SECRET)
    assert answer.json()["results"][0]["deletedResourceManifest"]["kind"] == "Secret"
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{apiVersion: v1, kind: Secret, metadata: {}}", "names nothing"),
        ("[1, 2]", "names nothing"),
        ("{apiVersion: v1, kind: Pod, metadata: {name: x}}", "nothing that Ferryman keeps"),
        ("{apiVersion: v1, kind: Secret, metadata: {name: x}}", "write its namespace"),
    ],
)
async def test_what_names_nothing_deletes_nothing(
    pipeline: httpx.AsyncClient, text: str, said: str
) -> None:
    """One object that cannot be meant keeps all of them from being deleted."""
    answer = await pipeline.request("DELETE", RESOURCES, content=together(PIPELINE, text))
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert (await pipeline.get(SHOP)).status_code == 200


async def test_promotions_are_records(pipeline: httpx.AsyncClient) -> None:
    """They are kept, and the refusal says what to do instead; Freight that one carries, too."""
    await pipeline.put(f"{RESOURCES}?upsert=true", content=freight("1.0.0", "lucky-jaguar"))
    promoted = await pipeline.post(f"{SHOP}/stages/dev/promotions", json={"origin": "images"})
    name = promoted.json()["metadata"]["name"]
    named = freight("1.0.0").replace("namespace: shop", "namespace: shop, name: lucky-jaguar")
    its_own = json.dumps(
        {
            "apiVersion": "kargo.akuity.io/v1alpha1",
            "kind": "Promotion",
            "metadata": {"name": name, "namespace": "shop"},
        }
    )
    answer = await pipeline.request("DELETE", RESOURCES, content=together(named, its_own))
    in_use, record = (result["error"] for result in answer.json()["results"])
    assert f"promotion {name} carries it to stage dev" in in_use
    assert "use `ferryman abort promotion`" in record
