"""Promotions, and deciding about them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from api.answers import answer, listed
from api.context import Context, InContext
from api.dependencies import allowed
from api.shapes.explanations import Explanation
from api.shapes.lists import PromotionList
from api.shapes.requests import Said
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError
from ferryman.domain.promotion import Promotion

router = APIRouter(prefix="/v1beta1/projects/{project}/promotions", tags=["Promotions"])

Comment = Annotated[Said | None, Body()]


@router.get("", operation_id="ListPromotions", response_model=PromotionList)
async def list_promotions(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "promotions")],
    *,
    stage: Annotated[str, Query(description="Only this Stage's.")] = "",
    watching: Watch = False,
) -> Response:
    """List the newest 500 Promotions, newest first."""
    fetch = partial(context.store.promotions.list, project, stage=stage)
    if watching:
        return watch(fetch, partial(context.store.events.newest, project), deletions=False)
    return listed(PromotionList, await fetch())


@router.get("/{promotion}", operation_id="GetPromotion", response_model=Promotion)
async def get_promotion(
    project: str,
    promotion: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "promotions", "promotion")],
    *,
    watching: Watch = False,
) -> Response:
    """Return one Promotion, with what became of each step, and outputs that are no secrets."""
    fetch = partial(context.store.promotions.get, project, promotion)
    if watching:
        return watch(only(fetch), partial(context.store.events.newest, project))
    found = await fetch()
    status = found.status.model_copy(update={"state": await context.store.steps.state(found)})
    return answer(found.model_copy(update={"status": status}))


@router.get("/{promotion}/explain", operation_id="ExplainPromotion", response_model=Explanation)
async def explain(
    project: str,
    promotion: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "promotions", "promotion")],
) -> Response:
    """Say why a Promotion does not move: every condition that is not met (ours)."""
    found = await context.store.promotions.get(project, promotion)
    decisions = await context.store.promotions.decisions(project, promotion)
    return answer(Explanation.of(found, decisions))


@router.post("/{promotion}/approve", operation_id="ApprovePromotion", response_model=Promotion)
async def approve(
    *,
    project: str,
    promotion: str,
    context: InContext,
    actor: Annotated[Actor, allowed("update", "promotions", "promotion")],
    wakes: Waking,
    said: Comment = None,
) -> Response:
    """Agree to a Promotion whose policy asks for people (ours)."""
    await _decide(context, project, promotion, verdict="approve", actor=actor, said=said)
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.post("/{promotion}/reject", operation_id="RejectPromotion", response_model=Promotion)
async def reject(
    *,
    project: str,
    promotion: str,
    context: InContext,
    actor: Annotated[Actor, allowed("update", "promotions", "promotion")],
    wakes: Waking,
    said: Comment = None,
) -> Response:
    """Refuse a Promotion that waits; it ends as Failed (ours)."""
    await _decide(context, project, promotion, verdict="reject", actor=actor, said=said)
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.post("/{promotion}/abort", operation_id="AbortPromotion", response_model=Promotion)
async def abort(
    *,
    project: str,
    promotion: str,
    context: InContext,
    actor: Annotated[Actor, allowed("patch", "promotions", "promotion")],
    wakes: Waking,
    said: Comment = None,
) -> Response:
    """Ask a Promotion to end; what its steps have done already stays done."""
    await _decide(context, project, promotion, verdict="abort", actor=actor, said=said)
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.post("/{promotion}/refresh", operation_id="RefreshPromotion", response_model=Promotion)
async def refresh(
    project: str,
    promotion: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("patch", "promotions", "promotion")],
    wakes: Waking,
) -> Response:
    """Let a Promotion look now at what it waits for; returns it as it is before that."""
    found = await context.store.promotions.get(project, promotion)
    wakes.promotion(project, promotion)
    return answer(found)


async def _decide(
    context: Context,
    project: str,
    promotion: str,
    *,
    verdict: Literal["approve", "reject", "abort"],
    actor: Actor,
    said: Said | None,
) -> None:
    """Record what somebody said; raises ConflictError when it does not count."""
    comment = said.comment if said else ""
    decision = await context.store.gates.decide(
        project, promotion, verdict=verdict, actor=actor, comment=comment, now=context.now()
    )
    if decision.refused:
        raise ConflictError(f"promotion {promotion}: {decision.refused}")
