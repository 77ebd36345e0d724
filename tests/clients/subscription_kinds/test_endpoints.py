"""A real HTTP endpoint that answers about subscriptions, well and badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ferryman.clients.subscription_kinds import SubscriptionSources
from ferryman.domain.errors import (
    CredentialError,
    InvalidError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.subscription_kind import SubscriptionKindSpec
from tests.servers.asgi import serving

QUESTION = {"type": "npm", "config": {"package": "left-pad"}}
ANSWER = b'{"artifacts": [{"version": "1.3.0"}]}'
TOKEN = {"name": "Authorization", "secret": {"name": "npm", "key": "token"}}


@dataclass
class Service:
    """Answers with `answer`, and remembers what it was asked."""

    url: str = ""
    answer: Response = field(default_factory=lambda: Response(ANSWER))
    pause: float = 0.0
    asked: list[tuple[Request, bytes]] = field(default_factory=list)

    async def handle(self, request: Request) -> Response:
        """Answer."""
        self.asked.append((request, await request.body()))
        await asyncio.sleep(self.pause)
        return self.answer


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """It, on this machine."""
    made = Service()
    app = Starlette(routes=[Route("/{path:path}", made.handle, methods=["GET", "POST"])])
    async with serving(app) as made.url:
        yield made


@pytest.fixture
async def sources() -> AsyncIterator[SubscriptionSources]:
    """Who asks it."""
    made = SubscriptionSources()
    yield made
    await made.aclose()


def at(url: str, timeout: str = "5s") -> SubscriptionKindSpec:
    """A kind that asks there, with a header from a Secret."""
    return SubscriptionKindSpec.load({"http": {"url": url, "headers": [TOKEN]}, "timeout": timeout})


async def test_question_and_answer(service: Service, sources: SubscriptionSources) -> None:
    """The question is the body of a POST with the headers, and the answer that of its response."""
    headers = {"Authorization": "Bearer hunter2"}
    (found,) = await sources.ask(at(f"{service.url}/npm"), QUESTION, headers)
    assert found.version == "1.3.0"
    ((request, content),) = service.asked
    assert (request.method, request.url.path) == ("POST", "/npm")
    assert json.loads(content) == QUESTION
    assert request.headers["authorization"] == "Bearer hunter2"
    assert request.headers["content-type"] == "application/json"


def answer(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """One that quotes what it should not."""
    return Response(b"hunter2", status, headers)


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (answer(401), CredentialError, "answered 401; correct the Secret"),
        (answer(403), CredentialError, "answered 403; correct the Secret"),
        (answer(404), PermanentError, "answered 404"),
        (answer(307, {"Location": "/elsewhere"}), PermanentError, "answered 307"),
        (answer(503), TemporaryError, "answered 503"),
        (answer(200), InvalidError, "it is no JSON"),
        (Response(b" " * 2_000_000), PermanentError, "more than 1048576 bytes"),
    ],
)
async def test_failures(
    service: Service, sources: SubscriptionSources, response: Response, kind: type, words: str
) -> None:
    """Each is told by its status only, for an answer may quote what it was sent."""
    service.answer = response
    with pytest.raises((TemporaryError, PermanentError), match=words) as caught:
        await sources.ask(at(service.url), QUESTION, {"Authorization": "hunter2"})
    assert type(caught.value) is kind
    assert "hunter2" not in str(caught.value)
    assert len(service.asked) == 1


async def test_later(service: Service, sources: SubscriptionSources) -> None:
    """It is asked again when it says."""
    service.answer = answer(429, {"Retry-After": "70"})
    with pytest.raises(TemporaryError) as caught:
        await sources.ask(at(service.url), QUESTION, {})
    assert caught.value.delay == timedelta(seconds=70)


async def test_one_that_hangs(service: Service, sources: SubscriptionSources) -> None:
    """Before its answer, or in the middle of it."""

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    service.answer = StreamingResponse(drip())
    with pytest.raises(TemporaryError, match=r"did not answer within 0\.2 s"):
        await sources.ask(at(service.url, "0.2s"), QUESTION, {})
    service.pause = 5
    with pytest.raises(TemporaryError, match=r"did not answer within 0\.2 s"):
        await sources.ask(at(service.url, "0.2s"), QUESTION, {})


async def test_nobody_there(sources: SubscriptionSources) -> None:
    """It is tried again."""
    with pytest.raises(TemporaryError, match="gave no answer"):
        await sources.ask(at("http://127.0.0.1:1"), QUESTION, {})


async def test_no_secret_over_plain_http(sources: SubscriptionSources) -> None:
    """But to this machine itself."""
    with pytest.raises(InvalidError, match="no secret is sent to http://versions"):
        await sources.ask(at("http://versions.shop.dev"), QUESTION, {"Authorization": "hunter2"})
