"""Nothing is done for who may not: every route asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from ferryman.storage.store import Store
from tests.api.conftest import TOKEN
from tests.samples import PIPELINE

PUBLIC = {"/docs", "/", "/healthz", "/v1beta1/system/public-server-config"}
SIGNED_IN = {"/v1beta1/login"}
"""Needs a token that is known, and nothing more."""


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    paths = app.openapi()["paths"]
    assert len(paths) > 25
    for path, methods in paths.items():
        for method in methods:
            yield method.upper(), path


async def _status(client: httpx.AsyncClient, method: str, path: str) -> int:
    url = path.replace("{project}", "shop").replace("{", "").replace("}", "")
    query = "?stage=dev" if path.endswith("/approve") else ""
    body = PIPELINE if path.endswith("/resources") else '{"freight": "x"}'
    if path.endswith(("/approve", "/reject", "/abort")):
        body = "{}"
    headers = {"Content-Type": "application/json"} if body.startswith("{") else {}
    answer = await client.request(
        method, quote(url) + query, content=None if method == "GET" else body, headers=headers
    )
    return answer.status_code


async def test_every_route_demands_a_token(app: FastAPI, stranger: httpx.AsyncClient) -> None:
    """Without a token all but the public routes answer 401."""
    told = {path: await _status(stranger, method, path) for method, path in _routes(app)}
    assert {path for path, status in told.items() if status != 401} == PUBLIC & told.keys()


async def test_every_route_demands_permission(
    app: FastAPI, pipeline: httpx.AsyncClient, store: Store
) -> None:
    """A known token of somebody who may nothing gets 403 from every route that does something."""
    await store.tokens.accept("t0ken-of-bob", "bob", now=datetime.now(UTC))
    pipeline.headers["Authorization"] = "Bearer t0ken-of-bob"
    for method, path in _routes(app):
        expected = 200 if path in PUBLIC | SIGNED_IN else 403
        assert await _status(pipeline, method, path) == expected, f"{method} {path}"


def test_no_route_hides_from_the_document(app: FastAPI) -> None:
    """The walk above sees every route: what the OpenAPI document leaves out are two pages."""
    hidden = {r.path for r in app.routes if isinstance(r, APIRoute) and not r.include_in_schema}
    assert hidden == {"/docs", "/"}


@pytest.mark.parametrize("header", ["Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer"])
async def test_a_wrong_token_is_a_sentence(stranger: httpx.AsyncClient, header: str) -> None:
    """401, how to sign in, and nothing of what was sent."""
    answer = await stranger.get("/v1beta1/projects", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "log in" in answer.json()["error"]
    assert header.partition(" ")[2] not in answer.text or header == "Bearer"


async def test_the_admin_logs_in_with_the_token(stranger: httpx.AsyncClient) -> None:
    """Kargo's login: the token as the bearer, back comes what to send from now on."""
    answer = await stranger.post("/v1beta1/login", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json() == {"idToken": TOKEN}
