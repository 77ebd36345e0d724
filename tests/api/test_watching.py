"""`?watch=true`: lists as Server-Sent Events while they change."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from api.watching import changes
from tests.api.conftest import TOKEN
from tests.samples import WAREHOUSE, freight
from tests.servers.asgi import serving

SHOP = "/v1beta1/projects/shop"
UPSERT = "/v1beta1/resources?upsert=true"


@pytest.fixture
async def served(app: FastAPI, pipeline: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client over a real connection: the in-process transport waits for the end of answers."""
    del pipeline
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client,
    ):
        yield client


async def _next(lines: AsyncIterator[str]) -> tuple[str, dict[str, Any]]:
    async for line in lines:
        if line.startswith("data:"):
            told = json.loads(line.removeprefix("data:"))
            return told["type"], told["object"]
    raise AssertionError("the stream ended")


async def test_a_list_is_told_and_then_its_changes(served: httpx.AsyncClient) -> None:
    """First everything that is there, then what is added, modified and deleted."""
    async with served.stream("GET", f"{SHOP}/warehouses?watch=true") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        change, images = await _next(lines)
        assert (change, images["metadata"]["name"]) == ("ADDED", "images")
        await served.put(UPSERT, content=WAREHOUSE.replace("1m", "2m"))
        change, images = await _next(lines)
        assert (change, images["spec"]["interval"]) == ("MODIFIED", "2m")
        await served.put(UPSERT, content=WAREHOUSE.replace("name: images", "name: more"))
        change, more = await _next(lines)
        assert (change, more["metadata"]["name"]) == ("ADDED", "more")
        await served.delete(f"{SHOP}/warehouses/more")
        change, more = await _next(lines)
        assert (change, more["metadata"]["name"]) == ("DELETED", "more")


async def test_everything_that_changes_can_be_watched(served: httpx.AsyncClient) -> None:
    """Each noun, as a list and alone, begins with what is there."""
    await served.put(UPSERT, content=freight("1.0.0", "lucky-jaguar"))
    promoted = await served.post(f"{SHOP}/stages/dev/promotions", json={"origin": "images"})
    assert promoted.status_code == 201
    for path, kind in {
        "/v1beta1/projects": "Project",
        SHOP: "Project",
        f"{SHOP}/stages": "Stage",
        f"{SHOP}/stages/dev": "Stage",
        f"{SHOP}/warehouses/images": "Warehouse",
        f"{SHOP}/freight": "Freight",
        f"{SHOP}/freight/lucky-jaguar": "Freight",
        f"{SHOP}/promotions": "Promotion",
        f"{SHOP}/promotions/{promoted.json()['metadata']['name']}": "Promotion",
        f"{SHOP}/events": "Event",
    }.items():
        async with served.stream("GET", f"{path}?watch=true") as stream:
            change, thing = await _next(stream.aiter_lines())
        assert (change, thing["kind"]) == ("ADDED", kind), path


async def test_what_may_not_be_read_cannot_be_watched(served: httpx.AsyncClient) -> None:
    """A stream asks for permission as a list does."""
    url = f"{SHOP}/stages?watch=true"
    refused = await served.get(url, headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401


_states = st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({"n": st.integers(0, 2)}))


@settings(max_examples=50)
@given(_states, _states)
def test_changes_lead_from_one_state_to_the_other(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> None:
    """Whoever applies what was told has the new state, and nothing is told without need."""
    named = {name: {**data, "name": name} for name, data in before.items()}
    wanted = {name: {**data, "name": name} for name, data in after.items()}
    state = dict(named)
    for change, data in changes(named, wanted):
        if change == "DELETED":
            del state[data["name"]]
        else:
            assert (change == "MODIFIED") == (data["name"] in named)
            assert state.get(data["name"]) != data
            state[data["name"]] = data
    assert state == wanted
