"""Context: what the process was assembled from, for every route to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.pace import Pace
from ferryman.domain.ports import Nudges
from ferryman.settings import Settings
from ferryman.storage.store import Store

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """The API's parts."""

    store: Store
    nudges: Nudges
    settings: Settings
    now: Clock = utc_now
    webhook_pace: Pace = field(default_factory=Pace)


async def _context(request: Request) -> Context:
    found = request.app.state.context
    if not isinstance(found, Context):
        raise TypeError("the application was not made by create_app")
    return found


InContext = Annotated[Context, Depends(_context)]
"""A route's parameter that receives the parts."""
