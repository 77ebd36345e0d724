"""Freight, and letting it into a Stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse

from api.answers import answer, data_of
from api.context import Context, InContext
from api.dependencies import allowed
from api.shapes.lists import FreightGroups
from api.shapes.requests import Said
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.eligibility import availability
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.stage import Stage

router = APIRouter(prefix="/v1beta1/projects/{project}/freight", tags=["Freight"])


@router.get("", operation_id="QueryFreightsRest", response_model=FreightGroups)
async def query_freight(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "freights")],
    *,
    stage: Annotated[str, Query(description="Only what may enter this Stage now.")] = "",
    origins: Annotated[str, Query(description="Warehouses, separated by commas.")] = "",
    reverse: Annotated[bool, Query(description="Newest first.")] = False,
    watching: Watch = False,
) -> Response:
    """List a Project's Freight, in the order of its discovery."""
    wanted = [f"Warehouse/{name.rpartition('/')[2]}" for name in origins.split(",") if name]
    fetch = partial(_query, context, project, stage, wanted, reverse=reverse)
    if watching:
        return watch(fetch, partial(context.store.events.newest, project))
    return JSONResponse({"groups": {"": {"items": [data_of(f) for f in await fetch()]}}})


@router.get("/{freight}", operation_id="GetFreight", response_model=Freight)
async def get_freight(
    project: str,
    freight: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "freights", "freight")],
    *,
    watching: Watch = False,
) -> Response:
    """Return one Freight, by name or alias."""
    fetch = partial(context.store.freight.get, project, freight)
    if watching:
        return watch(only(fetch), partial(context.store.events.newest, project))
    return answer(await fetch())


@router.post("/{freight}/approve", operation_id="ApproveFreight", response_model=Freight)
async def approve_freight(
    *,
    project: str,
    freight: str,
    stage: Annotated[str, Query(min_length=1)],
    context: InContext,
    actor: Annotated[Actor, allowed("promote", "stages", "stage")],
    wakes: Waking,
    said: Annotated[Said | None, Body()] = None,
) -> Response:
    """Let Freight into a Stage without upstream verification; the Stage must ask for its origin."""
    store = context.store
    found = await store.freight.get(project, freight)
    target = await store.resources.get(Stage, project, stage)
    if target.spec.request(found.origin) is None:
        raise InvalidError(
            f"stage {stage} takes no Freight of {found.origin}; "
            "add that origin to its requestedFreight first",
            field="stage",
        )
    await store.freight.approve(
        project,
        found.name,
        stage,
        actor=actor,
        comment=said.comment if said else "",
        now=context.now(),
    )
    wakes.stage(project, stage)
    return answer(await store.freight.get(project, found.name))


async def _query(
    context: Context, project: str, stage: str, origins: Sequence[str], *, reverse: bool
) -> Sequence[Freight]:
    found = await context.store.freight.list(project, origins=origins)
    if stage:
        target = await context.store.resources.get(Stage, project, stage)
        found = [f for f in found if not availability(f, target, context.now())]
    return found if reverse else list(reversed(found))
