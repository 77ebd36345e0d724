"""Promoting to all Stages that take an origin's Freight from one Stage, as far as each lets it in.

Those without steps are left out: Freight passes through them by itself (Kargo §14.19).
"""

from __future__ import annotations

from api.authorisation import Target, authorise
from api.context import Context
from api.shapes.promoted import PromotedDownstream
from api.waking import Wakes
from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.domain.promotion import Promotion
from ferryman.domain.stage import Stage


async def promote_downstream(
    context: Context, wakes: Wakes, actor: Actor, *, project: str, stage: str, freight: str
) -> PromotedDownstream:
    """Create a Promotion for each Stage, and say why where that cannot be.

    Raises NotFoundError where nothing is downstream, DeniedError unless the actor may promote to
    all of them, and InvalidError when none lets the Freight in.
    """
    chosen = await context.store.freight.get(project, freight)
    await context.store.resources.get(Stage, project, stage)
    names = [
        found.name
        for found in await context.store.resources.list(Stage, project)
        if (request := found.spec.request(chosen.origin))
        and stage in request.sources.stages
        and not found.spec.control_flow
    ]
    if not names:
        raise NotFoundError(f"no stage takes Freight of {chosen.origin} from stage {stage}")
    for name in names:
        authorise(actor, "promote", Target("stages", project, name))
    promotions: list[Promotion] = []
    errors: list[str] = []
    for name in names:
        try:
            made = await context.store.gates.promote(
                project, name, freight=chosen.name, actor=actor, now=context.now()
            )
        except (InvalidError, ConflictError, NotFoundError) as error:
            errors.append(f"stage {name}: {error}")
        else:
            wakes.promotion(project, made.name)
            promotions.append(made)
    if not promotions:
        raise InvalidError("; ".join(errors))
    return PromotedDownstream(promotions=tuple(promotions), errors=tuple(errors))
