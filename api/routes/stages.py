"""Stages, and promoting to them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi.responses import JSONResponse

from api.answers import answer, data_of, listed
from api.context import InContext
from api.dependencies import allowed
from api.downstream import promote_downstream
from api.removing import remove
from api.shapes.lists import StageList
from api.shapes.promoted import PromotedDownstream
from api.shapes.requests import PromoteDownstream, PromoteToStage
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.promotion import Promotion
from ferryman.domain.stage import Stage

router = APIRouter(prefix="/v1beta1/projects/{project}/stages", tags=["Stages"])


@router.get("", operation_id="ListStages", response_model=StageList)
async def list_stages(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "stages")],
    *,
    watching: Watch = False,
) -> Response:
    """List a Project's Stages, by name."""
    fetch = partial(context.store.resources.list, Stage, project)
    if watching:
        return watch(fetch, partial(context.store.events.newest, project))
    return listed(StageList, await fetch())


@router.get("/{stage}", operation_id="GetStage", response_model=Stage)
async def get_stage(
    project: str,
    stage: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "stages", "stage")],
    *,
    watching: Watch = False,
) -> Response:
    """Return one Stage."""
    fetch = partial(context.store.resources.get, Stage, project, stage)
    if watching:
        return watch(only(fetch), partial(context.store.events.newest, project))
    return answer(await fetch())


@router.delete("/{stage}", operation_id="DeleteStage", status_code=204)
async def delete_stage(
    project: str,
    stage: str,
    context: InContext,
    actor: Annotated[Actor, allowed("delete", "stages", "stage")],
    wakes: Waking,
) -> None:
    """Delete a Stage; what Freight was there is forgotten."""
    await remove(context, wakes, actor, kind="Stage", project=project, name=stage)


@router.post("/{stage}/refresh", operation_id="RefreshStage", response_model=Stage)
async def refresh_stage(
    project: str,
    stage: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("patch", "stages", "stage")],
    wakes: Waking,
) -> Response:
    """Let a Stage look now at what there is to do; returns it as it is before that."""
    found = await context.store.resources.get(Stage, project, stage)
    wakes.stage(project, stage)
    return answer(found)


@router.post(
    "/{stage}/promotions",
    operation_id="PromoteToStage",
    status_code=201,
    response_model=Promotion,
)
async def promote(
    *,
    project: str,
    stage: str,
    wanted: Annotated[PromoteToStage, Body()],
    context: InContext,
    actor: Annotated[Actor, allowed("promote", "stages", "stage")],
    wakes: Waking,
) -> Response:
    """Create a Promotion of a Freight, or of the newest that may enter from an origin.

    Every condition that keeps the Freight out is named in the refusal.
    """
    created = await context.store.gates.promote(
        project,
        stage,
        freight=wanted.freight or wanted.freight_alias,
        origin=wanted.origin,
        actor=actor,
        now=context.now(),
    )
    wakes.promotion(project, created.name)
    return answer(created, status=201)


@router.post(
    "/{stage}/promotions/downstream",
    operation_id="PromoteDownstream",
    status_code=201,
    response_model=PromotedDownstream,
    responses={207: {"model": PromotedDownstream, "description": "Some do not let it in."}},
)
async def promote_to_downstream(
    *,
    project: str,
    stage: str,
    wanted: Annotated[PromoteDownstream, Body()],
    context: InContext,
    actor: Annotated[Actor, allowed("get", "stages", "stage")],
    wakes: Waking,
) -> Response:
    """Promote a Freight to every Stage that takes its origin's from this one.

    201 when each has a Promotion, 207 with the reasons when some do not let it in.
    """
    freight = wanted.freight or wanted.freight_alias
    done = await promote_downstream(
        context, wakes, actor, project=project, stage=stage, freight=freight
    )
    told = {
        "promotions": [data_of(promotion) for promotion in done.promotions],
        "errors": list(done.errors),
    }
    return JSONResponse(told, status_code=207 if done.errors else 201)
