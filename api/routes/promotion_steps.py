"""What people do about a Promotion's steps: try again, skip, override, read what they said."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api.answers import answer
from api.authorisation import Target, authorise
from api.context import Context, InContext
from api.dependencies import allowed
from api.log_watching import follow
from api.shapes.logs import LogShape
from api.shapes.requests import OverrideStep, RetryPromotion, SkipStep
from api.waking import Waking
from api.watching import Watch
from ferryman.domain.actor import Actor
from ferryman.domain.placement import keys_of, walk
from ferryman.domain.promotion import Promotion
from ferryman.domain.retrying import called
from ferryman.domain.ruling import Ruling
from ferryman.storage.retries import Retry

router = APIRouter(prefix="/v1beta1/projects/{project}/promotions/{promotion}", tags=["Promotions"])

MayChange = Annotated[Actor, allowed("patch", "promotions", "promotion")]
MayRead = Annotated[Actor, allowed("get", "promotions", "promotion")]
OfRun = Annotated[int, Query(ge=0, description="Of this run only; 0: of all.")]


@router.post("/retry", operation_id="RetryPromotion", response_model=Promotion)
async def retry(
    *,
    project: str,
    promotion: str,
    context: InContext,
    actor: MayChange,
    wakes: Waking,
    wanted: Annotated[RetryPromotion | None, Body()] = None,
) -> Response:
    """Try a Promotion again that did not succeed; it waits at its gate like a new one (ours).

    What ran before the step that it goes on from is kept, and not done again.
    """
    asked = wanted or RetryPromotion()
    await _may_promote(context, actor, project, promotion)
    again = Retry(actor, asked.reason, asked.from_)
    await context.store.retries.retry(project, promotion, again, now=context.now())
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.post("/steps/{step}/skip", operation_id="SkipPromotionStep", response_model=Promotion)
async def skip(
    *,
    project: str,
    promotion: str,
    step: str,
    context: InContext,
    actor: MayChange,
    wakes: Waking,
    said: Annotated[SkipStep, Body()],
) -> Response:
    """Leave a step out that waits or is tried again; later steps see no outputs of it (ours)."""
    ruling = said.ruling(step)
    await _rule(context, actor, project, promotion, ruling, retry=said.retry)
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.post(
    "/steps/{step}/override", operation_id="OverridePromotionStep", response_model=Promotion
)
async def override(
    *,
    project: str,
    promotion: str,
    step: str,
    context: InContext,
    actor: MayChange,
    wakes: Waking,
    said: Annotated[OverrideStep, Body()],
) -> Response:
    """Have a step that waits or is tried again count as ended, with these outputs (ours)."""
    ruling = said.ruling(step)
    await _rule(context, actor, project, promotion, ruling, retry=said.retry)
    wakes.promotion(project, promotion)
    return answer(await context.store.promotions.get(project, promotion))


@router.get("/logs", operation_id="GetPromotionLogs", response_model=LogShape)
async def logs(
    *,
    project: str,
    promotion: str,
    context: InContext,
    _actor: MayRead,
    run: OfRun = 0,
    watching: Watch = False,
) -> Response:
    """What all steps of a Promotion have said, line by line (ours)."""
    await context.store.promotions.get(project, promotion)
    read = partial(context.store.logs.read, project, promotion, run=run)
    if watching:
        return follow(read, partial(_is_over, context, project, promotion, ""))
    return answer(LogShape(lines=(await read()).lines))


@router.get("/steps/{step}/logs", operation_id="GetPromotionStepLogs", response_model=LogShape)
async def step_logs(
    *,
    project: str,
    promotion: str,
    step: str,
    context: InContext,
    _actor: MayRead,
    run: OfRun = 0,
    watching: Watch = False,
) -> Response:
    """What one step, by path or alias, has said in all of its attempts (ours)."""
    found = await context.store.promotions.get(project, promotion)
    keys = keys_of(found.status.step_execution_metadata)
    path = called(walk(found.spec.steps, keys), step).path
    read = partial(context.store.logs.read, project, promotion, step=path, run=run)
    if watching:
        return follow(read, partial(_is_over, context, project, promotion, path))
    return answer(LogShape(lines=(await read()).lines))


async def _rule(
    context: Context,
    actor: Actor,
    project: str,
    promotion: str,
    ruling: Ruling,
    *,
    retry: bool,
) -> None:
    """Have it count; of a Promotion that has ended, by a retry."""
    await _may_promote(context, actor, project, promotion)
    store, now = context.store, context.now()
    if retry:
        again = Retry(actor, ruling.reason, ruling=ruling)
        await store.retries.retry(project, promotion, again, now=now)
    else:
        await store.rulings.rule(project, promotion, ruling, actor=actor, now=now)


async def _may_promote(context: Context, actor: Actor, project: str, promotion: str) -> None:
    """It brings Freight into a Stage, so that has to be allowed, too."""
    found = await context.store.promotions.get(project, promotion)
    authorise(actor, "promote", Target("stages", project, found.spec.stage))


async def _is_over(context: Context, project: str, promotion: str, path: str) -> bool:
    """Will there be no more lines?"""
    status = (await context.store.promotions.get(project, promotion)).status
    steps = status.step_execution_metadata
    ended = any(s.path == path and s.status and s.status.ended for s in steps)
    return ended or status.phase.terminal
