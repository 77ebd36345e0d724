"""Events: what happened, who did it and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import listed
from api.context import Context, InContext
from api.dependencies import allowed
from api.shapes.events import EventShape
from api.shapes.lists import EventList
from api.watching import Watch, watch
from ferryman.domain.actor import Actor

router = APIRouter(prefix="/v1beta1/projects/{project}/events", tags=["Events"])


@router.get("", operation_id="ListProjectEvents", response_model=EventList)
async def list_events(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "events")],
    *,
    kind: Annotated[str, Query(description="Only about objects of this kind.")] = "",
    name: Annotated[str, Query(description="Only about objects of this name.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    watching: Watch = False,
) -> Response:
    """List the newest events, oldest first."""
    fetch = partial(_events, context, project, kind=kind, name=name, limit=limit)
    if watching:
        return watch(fetch, partial(context.store.events.newest, project), deletions=False)
    return listed(EventList, await fetch())


async def _events(
    context: Context, project: str, *, kind: str, name: str, limit: int
) -> Sequence[EventShape]:
    found = await context.store.events.list(project, kind=kind, name=name, limit=limit)
    return [EventShape.of(event) for event in found]
