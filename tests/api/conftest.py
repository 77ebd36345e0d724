"""An API over a real store, and clients that may and may not use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import routed
from api.context import Context
from ferryman.settings import Settings
from ferryman.storage.store import Store
from tests.fakes.nudges import RecordingNudges
from tests.samples import PIPELINE
from tests.stores import keep, open_store, restored

TOKEN = "t0ken-of-the-admin"
_APP = routed()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store that knows the admin."""
    async with open_store(tmp_path) as store:
        await store.tokens.accept(TOKEN, "admin", now=datetime.now(UTC))
        yield store


@pytest.fixture
def nudges() -> RecordingNudges:
    """What was woken."""
    return RecordingNudges()


@pytest.fixture
def app(store: Store, nudges: RecordingNudges, tmp_path: Path) -> FastAPI:
    """The application over both; its routes are built once, since that takes its time."""
    _APP.state.context = Context(store, nudges, Settings(data=tmp_path))
    return _APP


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has not signed in."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The admin's client."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://api", headers=headers
    ) as client:
        yield client


@pytest.fixture
async def pipeline(
    client: httpx.AsyncClient, store: Store, nudges: RecordingNudges
) -> httpx.AsyncClient:
    """The admin's client, once the example pipeline is there and all nudges are forgotten."""
    if not restored(store, "pipeline"):
        answer = await client.put("/v1beta1/resources?upsert=true", content=PIPELINE)
        assert answer.status_code == 200, answer.text
        nudges.sent.clear()
        keep(store, "pipeline")
    return client
