"""A limit on request bodies, kept while they arrive, whatever they claim to be.

Starlette's own limiter answers some of them in plain text; ours are problems like all others.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2 * 1024 * 1024
"""Bytes."""


class BodyLimit:
    """Answers 413 to requests with more than `MAX_BODY` bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what arrives."""
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > MAX_BODY:
                raise HTTPException(
                    413, f"the request has more than {MAX_BODY} bytes: send it in parts"
                )
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)
