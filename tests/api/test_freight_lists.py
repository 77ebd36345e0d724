"""Lists of Freight: bounded, in pages, in groups, and watched."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from ferryman.storage.store import Store
from tests.api.conftest import TOKEN
from tests.samples import freight
from tests.servers.asgi import serving
from tests.stores import keep, restored

FREIGHT = "/v1beta1/projects/shop/freight"
UPSERT = "/v1beta1/resources?upsert=true"
TAGS = [f"1.{n}.0" for n in range(12)]


@pytest.fixture
async def shop(pipeline: httpx.AsyncClient, store: Store) -> httpx.AsyncClient:
    """Twelve Freight, in the order of their versions."""
    if not restored(store, "twelve Freight"):
        for tag in TAGS:
            await pipeline.put(UPSERT, content=freight(tag))
        keep(store, "twelve Freight")
    return pipeline


def tags(answer: httpx.Response, group: str = "") -> list[str]:
    """What a group has."""
    assert answer.status_code == 200, answer.text
    return [item["images"][0]["tag"] for item in answer.json()["groups"][group]["items"]]


async def test_pages_go_back_in_time(shop: httpx.AsyncClient) -> None:
    """The newest first page by page, each in the order that was asked for."""
    first = await shop.get(f"{FREIGHT}?limit=5")
    assert tags(first) == TAGS[7:]
    second = await shop.get(f"{FREIGHT}?limit=5&reverse=true&continue={first.json()['continue']}")
    assert tags(second) == TAGS[6:1:-1]
    last = await shop.get(f"{FREIGHT}?limit=5&continue={second.json()['continue']}")
    assert tags(last) == TAGS[:2]
    assert "continue" not in last.json()


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=10001",
        "continue=x",
        "continue=MjAyNi0wMS0wMS9h",
        "continue=%ff",
        "groupBy=stage",
        "orderBy=size",
        "orderBy=tag",
        "group=x",
    ],
)
async def test_what_makes_no_sense_is_refused(shop: httpx.AsyncClient, query: str) -> None:
    """400, and the field's name."""
    answer = await shop.get(f"{FREIGHT}?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"].endswith(query.partition("=")[0])


async def test_groups(shop: httpx.AsyncClient) -> None:
    """By repository, in the order of versions (Kargo's groupBy and orderBy)."""
    query = f"{FREIGHT}?groupBy=image_repo&orderBy=tag"
    assert tags(await shop.get(query), "registry.example/shop") == TAGS
    down = await shop.get(f"{query}&reverse=true&group=registry.example/shop")
    assert tags(down, "registry.example/shop") == TAGS[::-1]
    assert (await shop.get(f"{query}&group=other")).json() == {"groups": {}}
    assert (await shop.get(f"{FREIGHT}?groupBy=chart_repo")).json() == {"groups": {}}


@pytest.fixture
async def served(app: FastAPI, shop: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client over a real connection: the in-process transport waits for the end of answers."""
    del shop
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client,
    ):
        yield client


async def _told(lines: AsyncIterator[str]) -> tuple[str, Any]:
    async for line in lines:
        if line.startswith("data:"):
            told = json.loads(line.removeprefix("data:"))
            return told["type"], told["object"]["images"][0]["tag"]
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("limit", [3, 500])
async def test_a_watched_list_grows(served: httpx.AsyncClient, limit: int) -> None:
    """What a bound leaves out is not told to be gone; what is deleted is."""
    async with served.stream("GET", f"{FREIGHT}?limit={limit}&watch=true") as stream:
        lines = stream.aiter_lines()
        assert [await _told(lines) for _ in TAGS[-limit:]] == [
            ("ADDED", tag) for tag in TAGS[-limit:]
        ]
        for new in (freight("1.12.0", "new"), freight("1.13.0")):
            await served.put(UPSERT, content=new)
        assert [await _told(lines), await _told(lines)] == [
            ("ADDED", "1.12.0"),
            ("ADDED", "1.13.0"),
        ]
        assert (await served.delete(f"{FREIGHT}/new")).status_code == 204
        assert await _told(lines) == ("DELETED", "1.12.0")
