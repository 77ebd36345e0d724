"""Freight made by hand: it must be what its Warehouse would have made."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha1

import httpx
import pytest

from ferryman.domain.warehouse import DiscoveredArtifacts, DiscoveredImage, ImageDiscovery
from ferryman.storage.store import Store
from tests.samples import PROJECT, WAREHOUSE, freight, together

UPSERT = "/v1beta1/resources?upsert=true"
FREIGHT = "/v1beta1/projects/shop/freight"


def _name(tag: str, digest: str = "") -> str:
    contents = f"Warehouse/images:registry.example/shop:{tag}@{digest}"
    return sha1(contents.encode(), usedforsecurity=False).hexdigest()


async def test_it_is_named_by_its_contents_and_aliased(pipeline: httpx.AsyncClient) -> None:
    """The name is Kargo's hash, whatever the manifest says; an alias is found if none is given."""
    text = freight("1.2.0").replace("namespace: shop", "namespace: shop, name: mine")
    result = (await pipeline.put(UPSERT, content=text)).json()["results"][0]
    stored = result["createdResourceManifest"]
    assert stored["metadata"]["name"] == _name("1.2.0")
    assert stored["alias"].count("-") == 1
    by_alias = await pipeline.get(f"{FREIGHT}/{stored['alias']}")
    assert by_alias.json()["images"] == [{"repoURL": "registry.example/shop", "tag": "1.2.0"}]


async def test_the_same_contents_are_the_same_freight(pipeline: httpx.AsyncClient) -> None:
    """Applying it again changes nothing; another alias is not taken, and that is said."""
    await pipeline.put(UPSERT, content=freight("1.2.0", "lucky-jaguar"))
    again = await pipeline.put(UPSERT, content=freight("1.2.0", "other-name"))
    result = again.json()["results"][0]
    assert result["outcome"] == "unchanged"
    assert any("is known as lucky-jaguar" in warning for warning in result["warnings"])
    assert len((await pipeline.get(FREIGHT)).json()["groups"][""]["items"]) == 1


async def test_a_discovered_tag_brings_its_digest(
    pipeline: httpx.AsyncClient, store: Store
) -> None:
    """What discovery saw under the tag is filled in: its own Freight would be the same one."""
    now = datetime.now(UTC)
    seen = ImageDiscovery(
        repo_url="registry.example/shop",
        references=(DiscoveredImage(tag="1.2.0", digest="sha256:abc"),),
    )
    await store.discoveries.record(
        "shop",
        "images",
        found=DiscoveredArtifacts(discovered_at=now, images=(seen,)),
        freight="",
        conditions=[],
        now=now,
    )
    result = (await pipeline.put(UPSERT, content=freight("1.2.0"))).json()["results"][0]
    name = result["createdResourceManifest"]["metadata"]["name"]
    assert name == _name("1.2.0", "sha256:abc")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("registry.example/shop", "registry.example/other", "is none of its repositories"),
        (", tag: 1.0.0", "", "has neither tag nor digest"),
        ("name: images}", "name: nowhere}", "warehouse nowhere does not exist"),
        ("images:\n", "charts: [{repoURL: 'https://c.example', name: x}]\nimages:\n", "leave"),
    ],
)
async def test_what_does_not_fit_its_warehouse_is_refused(
    pipeline: httpx.AsyncClient, old: str, new: str, said: str
) -> None:
    """Exactly one artifact for each subscription, and nothing besides (reference §1.5)."""
    answer = await pipeline.put(UPSERT, content=freight("1.0.0").replace(old, new))
    assert answer.status_code == 400
    assert said in answer.json()["results"][0]["error"]


async def test_a_taken_alias_is_refused(pipeline: httpx.AsyncClient) -> None:
    """An alias names one Freight of the Project."""
    await pipeline.put(UPSERT, content=freight("1.0.0", "lucky-jaguar"))
    answer = await pipeline.put(UPSERT, content=freight("1.1.0", "lucky-jaguar"))
    assert answer.status_code == 400
    assert "lucky-jaguar is taken" in answer.json()["results"][0]["error"]


async def test_freight_and_its_warehouse_may_come_together(client: httpx.AsyncClient) -> None:
    """What is applied in the same request counts as being there."""
    text = together(PROJECT, freight("1.0.0"), WAREHOUSE)
    assert (await client.put(UPSERT, content=text)).status_code == 200


async def test_the_list_is_oldest_first_and_can_be_narrowed(pipeline: httpx.AsyncClient) -> None:
    """`origins` and `stage` narrow, `reverse` turns it round (Kargo's queryFreightsResponse)."""
    for tag in ("1.0.0", "1.1.0"):
        await pipeline.put(UPSERT, content=freight(tag))

    async def tags(query: str) -> list[str]:
        groups = (await pipeline.get(f"{FREIGHT}{query}")).json()["groups"]
        return [item["images"][0]["tag"] for item in groups[""]["items"]]

    assert await tags("") == ["1.0.0", "1.1.0"]
    assert await tags("?reverse=true") == ["1.1.0", "1.0.0"]
    assert await tags("?origins=other") == []
    assert await tags("?origins=Warehouse/images&stage=dev") == ["1.0.0", "1.1.0"]
    assert await tags("?stage=prod") == []
