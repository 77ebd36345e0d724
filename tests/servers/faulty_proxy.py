"""Stands in front of a real server and spoils answers, as a test says.

`proxy.spoil("/tags/list", status(500))` spoils the next answer to a path that ends so; all
else passes through untouched.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from tests.servers.asgi import serving
from tests.servers.registry import NO_AUTHORITIES

Fault = Callable[[httpx.Response, Send], Awaitable[None]]
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


@dataclass
class FaultyProxy:
    """An ASGI application; each request waits for `delay` seconds, on top of the server's time.

    `requests` are all that came in, `most_at_once` how many were under way at the same time.
    """

    upstream: httpx.AsyncClient
    url: str = ""
    delay: float = 0.0
    requests: list[Request] = field(default_factory=list)
    most_at_once: int = 0
    spoiled: asyncio.Event = field(default_factory=asyncio.Event)
    _at_once: int = 0
    _faults: list[tuple[str, Fault]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Host and port."""
        return httpx.URL(self.url).netloc.decode()

    @property
    def asked(self) -> list[str]:
        """Method and path of every request so far."""
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def spoil(self, path: str, *faults: Fault) -> None:
        """Let the next answers to paths that end in `path` have these faults, one each."""
        self._faults.extend((path, fault) for fault in faults)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back."""
        request = Request(scope, receive)
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self.delay)
            await self._answer(request, send)
        finally:
            self._at_once -= 1

    async def _answer(self, request: Request, send: Send) -> None:
        fault = self._next_fault(request.url.path)
        target = f"{request.url.path}?{request.url.query}"
        headers = {key: value for key, value in request.headers.items() if key != "host"}
        content = await request.body()
        answer = await self.upstream.request(
            request.method, target, headers=headers, content=content
        )
        await fault(answer, send)

    def _next_fault(self, path: str) -> Fault:
        for number, (suffix, fault) in enumerate(self._faults):
            if path.endswith(suffix):
                del self._faults[number]
                self.spoiled.set()
                return fault
        return untouched


@asynccontextmanager
async def faulty_proxy(upstream: str) -> AsyncIterator[FaultyProxy]:
    """Serve a proxy in front of the server at `upstream`, in the test's event loop."""
    async with httpx.AsyncClient(base_url=upstream, verify=NO_AUTHORITIES) as client:
        proxy = FaultyProxy(client)
        async with serving(proxy) as proxy.url:
            yield proxy


async def untouched(answer: httpx.Response, send: Send) -> None:
    """No fault at all."""
    await _start(answer, send)
    await send({"type": "http.response.body", "body": answer.content})


def status(code: int, **headers: str) -> Fault:
    """Answer with this status and without a body; `Retry_After="1"` is a header."""

    async def fault(_: httpx.Response, send: Send) -> None:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        await untouched(httpx.Response(code, headers=named, content=b""), send)

    return fault


def changed(change: Callable[[bytes], bytes]) -> Fault:
    """Answer with a changed body; its digest header stays as it was."""

    async def fault(answer: httpx.Response, send: Send) -> None:
        body = change(answer.content)
        await _start(answer, send, length=len(body))
        await send({"type": "http.response.body", "body": body})

    return fault


def headed(**headers: str | None) -> Fault:
    """Answer with these headers changed; None leaves a header out."""

    async def fault(answer: httpx.Response, send: Send) -> None:
        for key, value in headers.items():
            answer.headers.pop(key.replace("_", "-"), None)
            if value is not None:
                answer.headers[key.replace("_", "-")] = value
        await untouched(answer, send)

    return fault


def redirected(to: str) -> Fault:
    """Send whoever asks to the same path at the server `to`."""

    async def fault(answer: httpx.Response, send: Send) -> None:
        await status(307, Location=f"{to}{answer.request.url.path}")(answer, send)

    return fault


async def stalled(answer: httpx.Response, send: Send) -> None:
    """Answer with half of the body, and then nothing more."""
    await _half(answer, send)
    await asyncio.Event().wait()


async def cut_off(answer: httpx.Response, send: Send) -> None:
    """Answer with half of the body, and hang up."""
    await _half(answer, send)
    raise ConnectionAbortedError


async def _half(answer: httpx.Response, send: Send) -> None:
    await _start(answer, send)
    half = answer.content[: len(answer.content) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})


async def _start(answer: httpx.Response, send: Send, length: int | None = None) -> None:
    headers = [
        (key.encode(), value.encode())
        for key, value in answer.headers.items()
        if key not in _HOP_BY_HOP and not (key == "content-length" and length is not None)
    ]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
