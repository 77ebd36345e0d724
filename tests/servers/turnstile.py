"""A turnstile in front of a git server: counts what passes, and holds what a test asks it to."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Service = Literal["git-upload-pack", "git-receive-pack"]


@dataclass
class Hold:
    """One request that is held: before it reaches the server, or before its answer leaves."""

    service: Service
    when: Literal["greeting", "before", "after"]
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


class Turnstile:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._holds: list[Hold] = []
        self.passed: Counter[str] = Counter()
        """Requests by service; greetings (ref advertisements) are counted as `… refs`."""

    def hold(self, service: Service, when: Literal["greeting", "before", "after"]) -> Hold:
        """Hold the next such request, until it is released."""
        held = Hold(service, when)
        self._holds.append(held)
        return held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        greeting, service = _service(scope)
        self.passed[f"{service} refs" if greeting else service] += 1
        held = self._take(service, greeting=greeting)
        if held and held.when != "after":
            held.reached.set()
            await held.released.wait()
        if held and held.when == "after":
            answer: list[Message] = []

            async def keep(message: Message) -> None:
                answer.append(message)

            await self._app(scope, receive, keep)
            held.reached.set()
            await held.released.wait()
            for message in answer:
                await send(message)
            return
        await self._app(scope, receive, send)

    def _take(self, service: str, *, greeting: bool) -> Hold | None:
        for held in self._holds:
            if held.service == service and (held.when == "greeting") == greeting:
                self._holds.remove(held)
                return held
        return None


def _service(scope: Scope) -> tuple[bool, str]:
    path, query = scope.get("path", ""), scope.get("query_string", b"").decode()
    if path.endswith("/info/refs"):
        return True, query.partition("service=")[2]
    return False, path.rpartition("/")[2]
