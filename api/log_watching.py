"""Following a log as Server-Sent Events until nothing more can come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from sse_starlette import EventSourceResponse, ServerSentEvent

from ferryman.storage.logs import Page

_LOOK = 0.5
"""Seconds between two looks at what is new."""


class Read(Protocol):
    """Gives the lines after a place in the log."""

    async def __call__(self, *, after: int = 0) -> Page:
        """The lines, and the place of the last one."""


def follow(read: Read, is_over: Callable[[], Awaitable[bool]]) -> EventSourceResponse:
    """Tell each line as `{type: "ADDED", object}`, those that are there first."""
    return EventSourceResponse(_told(read, is_over))


async def _told(
    read: Read, is_over: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEvent]:
    after = 0
    while True:
        # Asked first: what is written until then is read below.
        over = await is_over()
        page = await read(after=after)
        after = page.last
        for line in page.lines:
            yield ServerSentEvent(json.dumps({"type": "ADDED", "object": line.dump()}))
        if over:
            return
        await asyncio.sleep(_LOOK)
