"""Freight: picked from what was discovered, renamed, compared and deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ferryman.domain.status_change import MetadataUpdate
from ferryman.storage import status_changes
from ferryman.storage.store import Store
from tests.api.discovered import REPO, discovered
from tests.fakes.nudges import RecordingNudges
from tests.promotions import carry

SHOP = "/v1beta1/projects/shop"
FREIGHT = f"{SHOP}/freight"


@pytest.fixture
async def shop(pipeline: httpx.AsyncClient, store: Store) -> httpx.AsyncClient:
    """The example pipeline, whose Warehouse has discovered two tags."""
    await discovered(store, "1.1.0", "1.0.0")
    return pipeline


async def pick(client: httpx.AsyncClient, *images: str, alias: str = "") -> dict[str, Any]:
    """Make Freight."""
    body = {"warehouse": "images", "images": list(images), "alias": alias}
    answer = await client.post(FREIGHT, json=body)
    assert answer.is_success, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def promote(client: httpx.AsyncClient, store: Store, stage: str, freight: str) -> str:
    """Bring it into a Stage."""
    answer = await client.post(f"{SHOP}/stages/{stage}/promotions", json={"freight": freight})
    assert answer.status_code == 201, answer.text
    name = str(answer.json()["metadata"]["name"])
    await carry(store, "shop", name)
    return name


async def test_picked_freight(shop: httpx.AsyncClient, nudges: RecordingNudges) -> None:
    """201 and the Stages are woken; the same contents again are 200 and the same Freight."""
    body = {"warehouse": "images", "images": [f"{REPO}:1.0.0"], "alias": "first"}
    made = await shop.post(FREIGHT, json=body)
    assert made.status_code == 201
    assert made.json()["alias"] == "first"
    assert made.json()["images"][0]["digest"] == "sha256:1.0.0"
    assert ("stage", "shop", "dev") in nudges.sent
    again = await shop.post(FREIGHT, json=body | {"alias": "other"})
    assert (again.status_code, again.json()) == (200, made.json())
    newest = await pick(shop)
    assert newest["images"][0]["tag"] == "1.1.0"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"images": [f"{REPO}:9.9.9"]}, 400, "was not discovered; there are: 1.1.0, 1.0.0"),
        ({"charts": ["x@1"]}, 400, "there are: none"),
        ({"warehouse": "nowhere"}, 404, "warehouse nowhere does not exist"),
        ({"warehouse": ""}, 400, "warehouse"),
        ({"alias": "a/b"}, 400, "cannot be an alias"),
        ({"alias": "taken"}, 409, "alias taken is taken in project shop by Freight"),
        ({"image": "x"}, 400, "image"),
    ],
)
async def test_what_cannot_be_picked(
    shop: httpx.AsyncClient, body: dict[str, Any], status: int, said: str
) -> None:
    """The refusal names what was picked, and what there is."""
    await pick(shop, alias="taken")
    wanted = {"warehouse": "images", "images": [f"{REPO}:1.0.0"]} | body
    answer = await shop.post(FREIGHT, json=wanted)
    assert answer.status_code == status
    assert said in answer.json()["error"]


async def test_a_warehouse_that_changed_looks_first(shop: httpx.AsyncClient) -> None:
    """What it found before is for what it watched before."""
    warehouse = (await shop.get(f"{SHOP}/warehouses/images")).json()
    warehouse["spec"]["subscriptions"][0]["image"]["repoURL"] = "registry.example/other"
    await shop.put("/v1beta1/resources", json=warehouse)
    answer = await shop.post(FREIGHT, json={"warehouse": "images"})
    assert answer.status_code == 409
    assert "ferryman refresh warehouse images --wait" in answer.json()["error"]


async def test_another_alias(shop: httpx.AsyncClient) -> None:
    """Kargo's PATCH; one that is taken is 409, with who has it."""
    first, second = await pick(shop, f"{REPO}:1.0.0", alias="one"), await pick(shop, alias="two")
    changed = await shop.patch(f"{FREIGHT}/one/alias?newAlias=uno")
    assert (changed.status_code, changed.json()["alias"]) == (200, "uno")
    assert (await shop.get(f"{FREIGHT}/uno")).json()["metadata"]["name"] == first["metadata"][
        "name"
    ]
    taken = await shop.patch(f"{FREIGHT}/uno/alias?newAlias=two")
    assert taken.status_code == 409
    assert second["metadata"]["name"] in taken.json()["error"]
    assert (await shop.patch(f"{FREIGHT}/uno/alias")).status_code == 400
    assert (await shop.patch(f"{FREIGHT}/uno/alias?newAlias=")).status_code == 400


async def test_deletion(shop: httpx.AsyncClient, store: Store) -> None:
    """204 for what nothing uses, by name or alias; 409 with who uses it."""
    await pick(shop, f"{REPO}:1.0.0", alias="one")
    await pick(shop, alias="two")
    await promote(shop, store, "dev", (await shop.get(f"{FREIGHT}/one")).json()["metadata"]["name"])
    refused = await shop.delete(f"{FREIGHT}/one")
    assert refused.status_code == 409
    assert "stage dev has it" in refused.json()["error"]
    assert (await shop.delete(f"{FREIGHT}/two")).status_code == 204
    assert (await shop.get(f"{FREIGHT}/two")).status_code == 404
    assert (await shop.delete(f"{FREIGHT}/two")).status_code == 404


async def test_metadata_is_shown(shop: httpx.AsyncClient, store: Store) -> None:
    """What steps wrote of a Freight stands in its status."""
    name = (await pick(shop))["metadata"]["name"]
    change = MetadataUpdate("Freight", name, {"ticket": {"id": "A-1"}})
    async with store.database.write() as connection:
        await status_changes.make(connection, "shop", [change])
    shown = (await shop.get(f"{FREIGHT}/{name}")).json()
    assert shown["status"]["metadata"] == {"ticket": {"id": "A-1"}}


async def test_what_differs(shop: httpx.AsyncClient, store: Store) -> None:
    """Between Freight by name or alias, and what Stages have."""
    first = await pick(shop, f"{REPO}:1.0.0", alias="one")
    await pick(shop, alias="two")
    await promote(shop, store, "dev", first["metadata"]["name"])
    change = {
        "kind": "image",
        "repoURL": REPO,
        "name": "",
        "origin": "",
        "change": "changed",
        "before": {"version": "1.0.0", "id": "sha256:1.0.0"},
        "after": {"version": "1.1.0", "id": "sha256:1.1.0"},
        "compareURL": "https://github.com/acme/shop/compare/r-1.0.0...r-1.1.0",
    }
    for before, title in (
        ("one", "one"),
        (first["metadata"]["name"], "one"),
        ("stage:dev", "stage dev"),
    ):
        told = (await shop.get(f"{FREIGHT}/{before}/diff/two")).json()
        assert told["kind"] == "FreightDiff"
        assert told["before"] == {"title": title, "freight": [first["metadata"]["name"]]}
        assert told["changes"] == [change]
    added = (await shop.get(f"{FREIGHT}/stage:prod/diff/stage:dev")).json()["changes"]
    assert [c["change"] for c in added] == ["added"]
    for missing in ("nothing", "stage:nothing"):
        assert (await shop.get(f"{FREIGHT}/one/diff/{missing}")).status_code == 404
