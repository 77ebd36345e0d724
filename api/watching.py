"""Watching: a list as Server-Sent Events while it changes (Kargo's `?watch=true`, reference §8.2).

The store is asked, not subscribed to: cheaply whether anything happened, and once a second in
any case, because steps move without an event.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.answers import data_of
from ferryman.domain.errors import NotFoundError
from ferryman.domain.model import Model

_GLANCE = 0.25
"""Seconds between two looks at whether something happened."""
_LOOK = 1.0
"""Seconds after which the list is read whether or not something happened."""

Watch = Annotated[
    bool,
    Query(
        alias="watch",
        description="Answer as Server-Sent Events `{type, object}`, and go on while it changes.",
    ),
]
Fetch = Callable[[], Awaitable[Sequence[Model]]]
Newest = Callable[[], Awaitable[int]]
State = dict[str, dict[str, Any]]
"""What is there, by name."""


def watch(fetch: Fetch, newest: Newest, *, deletions: bool = True) -> EventSourceResponse:
    """Tell what `fetch` gives, and each change of it; `newest` moves when something happened.

    Without `deletions`, what leaves the list is not told to be gone: it is only too old for it.
    """
    return EventSourceResponse(_told(fetch, newest, deletions=deletions))


def only(fetch_one: Callable[[], Awaitable[Model]]) -> Fetch:
    """One object as a list of it, for watching; empty once it is gone."""

    async def fetch() -> Sequence[Model]:
        try:
            return [await fetch_one()]
        except NotFoundError:
            return []

    return fetch


def changes(before: State, after: State) -> list[tuple[str, dict[str, Any]]]:
    """What leads from one state to the other, in the new state's order; what went comes last."""
    told = [
        ("MODIFIED" if name in before else "ADDED", data)
        for name, data in after.items()
        if before.get(name) != data
    ]
    return told + [("DELETED", data) for name, data in before.items() if name not in after]


async def _told(fetch: Fetch, newest: Newest, *, deletions: bool) -> AsyncIterator[ServerSentEvent]:
    known: State = {}
    while True:
        seen = await newest()
        found = {data["metadata"]["name"]: data for data in map(data_of, await fetch())}
        for change, data in changes(known, found):
            if deletions or change != "DELETED":
                yield ServerSentEvent(json.dumps({"type": change, "object": data}))
        known = found
        await _something(newest, seen)


async def _something(newest: Newest, seen: int) -> None:
    """Wait until something happened, or long enough."""
    waited = 0.0
    while waited < _LOOK:
        await asyncio.sleep(_GLANCE)
        waited += _GLANCE
        if await newest() != seen:
            return
