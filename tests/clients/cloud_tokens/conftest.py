"""Clouds on this machine, that check who asks and what they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ferryman.clients.cloud_tokens import CloudOptions, CloudTokens
from tests.servers.asgi import serving


@dataclass
class Cloud:
    """Answers with `answers`, by path, and remembers what it was asked."""

    url: str = ""
    now: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[Request, bytes]] = field(default_factory=list)
    pause: float = 0.0

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        self.asked.append((request, await request.body()))
        await asyncio.sleep(self.pause)
        status, document = self.answers[request.url.path]
        if isinstance(document, bytes):
            return Response(document, status, self.headers)
        return JSONResponse(document, status, self.headers)


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    """Every cloud at once."""
    made = Cloud()
    app = Starlette(routes=[Route("/{path:path}", made.answer, methods=["POST"])])
    async with serving(app) as made.url:
        yield made


@pytest.fixture
async def tokens(cloud: Cloud) -> AsyncIterator[CloudTokens]:
    """A client that has the cloud's clock, and asks there."""
    options = CloudOptions(
        aws=f"{cloud.url}/",
        google=f"{cloud.url}/google",
        azure=f"{cloud.url}/{{tenant}}/token",
        azure_registry=f"{cloud.url}/{{registry}}/exchange",
        timeout=2.0,
    )
    made = CloudTokens(options, clock=lambda: cloud.now)
    yield made
    await made.aclose()
