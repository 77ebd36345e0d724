"""Freight: making it, seeing it, and letting it into a Stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse

from api.answers import answer, data_of
from api.consequences import declared
from api.context import Context, InContext
from api.dependencies import allowed
from api.freight_lists import Window, page
from api.paging import token
from api.removing import remove
from api.shapes.freight_query import FreightQuery
from api.shapes.lists import FreightGroups
from api.shapes.requests import PickFreight, Said
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.aliases import check_alias
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight, FreightReference
from ferryman.domain.freight_diff import FreightDiff, compare
from ferryman.domain.freight_groups import check_grouping, grouped
from ferryman.domain.picking import Picks, picked
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.freight_pages import Position

router = APIRouter(prefix="/v1beta1/projects/{project}/freight", tags=["Freight"])

_STAGE = "stage:"
"""Before the name of a Stage, where Freight might be meant."""


@router.get("", operation_id="QueryFreightsRest", response_model=FreightGroups)
async def query_freight(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "freights")],
    query: Annotated[FreightQuery, Query()],
) -> Response:
    """List a Project's newest Freight, in the order of its discovery.

    A page has the newest `limit`, or what is older than the page whose token `continue` is.
    """
    check_grouping(query.group_by, query.order_by, query.group)
    if query.watch:
        window = Window(context, project, query)
        return watch(window.look, partial(context.store.events.newest, project))
    found = await page(context, project, query)
    groups = grouped(
        found.items,
        by=query.group_by,
        group=query.group,
        order=query.order_by,
        reverse=query.reverse,
    )
    told = {name: {"items": [data_of(f) for f in items]} for name, items in groups.items()}
    more = {"continue": token(Position.of(found.items[-1]))} if found.has_more else {}
    return JSONResponse({"groups": told, **more})


@router.post("", operation_id="PickFreight", status_code=201, response_model=Freight)
async def pick_freight(
    project: str,
    wanted: Annotated[PickFreight, Body()],
    context: InContext,
    actor: Annotated[Actor, allowed("create", "freights")],
    wakes: Waking,
) -> Response:
    """Make Freight of what a Warehouse discovered (ours); 200 with the one that is there already.

    Of a subscription that no pick names, the newest is taken.
    """
    if wanted.alias:
        check_alias(wanted.alias, field="alias")
    warehouse = await context.store.resources.get(Warehouse, project, wanted.warehouse)
    picks = Picks(wanted.images, wanted.commits, wanted.charts, wanted.artifacts)
    freight = picked(warehouse, picks).model_copy(update={"alias": wanted.alias})
    made, is_new = await context.store.freight.mint(freight, actor=actor, now=context.now())
    await declared(context, wakes, made, changed=is_new)
    return answer(made, status=201 if is_new else 200)


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


@router.delete("/{freight}", operation_id="DeleteFreight", status_code=204)
async def delete_freight(
    project: str,
    freight: str,
    context: InContext,
    actor: Annotated[Actor, allowed("delete", "freights", "freight")],
    wakes: Waking,
) -> None:
    """Delete Freight that nothing uses; discovery does not make it again."""
    await remove(context, wakes, actor, kind="Freight", project=project, name=freight)


@router.patch("/{freight}/alias", operation_id="PatchFreightAlias", response_model=Freight)
async def rename_freight(
    *,
    project: str,
    freight: str,
    new_alias: Annotated[str, Query(alias="newAlias")],
    context: InContext,
    actor: Annotated[Actor, allowed("update", "freights", "freight")],
) -> Response:
    """Give Freight another alias, that no other has."""
    renamed = await context.store.freight.rename(
        project, freight, new_alias, actor=actor, now=context.now()
    )
    return answer(renamed)


@router.get("/{freight}/diff/{other}", operation_id="DiffFreight", response_model=FreightDiff)
async def diff_freight(
    project: str,
    freight: str,
    other: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "freights", "freight")],
) -> Response:
    """Compare two Freight by name or alias, or what a Stage has, written `stage:dev` (ours)."""
    before, after = await _side(context, project, freight), await _side(context, project, other)
    return answer(compare(*before, *after))


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


async def _side(
    context: Context, project: str, called: str
) -> tuple[str, Sequence[FreightReference]]:
    """What is compared: how people call it, and what it holds; raises NotFoundError."""
    if not called.startswith(_STAGE):
        found = await context.store.freight.get(project, called)
        return found.alias, [found.reference()]
    stage = await context.store.resources.get(Stage, project, called.removeprefix(_STAGE))
    current = stage.status.current
    return f"stage {stage.name}", list(current.items.values()) if current else []
