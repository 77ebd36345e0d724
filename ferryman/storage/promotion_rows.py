"""Promotion rows: Promotions as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import Freight, FreightReference
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepExecution
from ferryman.storage import tables, turns

STAGE_LABEL = "kargo.akuity.io/stage"
ACTOR_ANNOTATION = "kargo.akuity.io/create-actor"
HOLD_ANNOTATION = "kargo.akuity.io/auto-promotion-hold"
RESUME_ANNOTATION = "kargo.akuity.io/auto-promotion-resume"
Hold = Literal["hold", "resume", ""]
OPEN = (Phase.PENDING, Phase.RUNNING)
"""The phases of what has not ended."""


@dataclass(frozen=True)
class NewPromotion:
    """What a Promotion is made of."""

    stage: Stage
    freight: Freight
    actor: Actor
    hold: Hold = ""
    """Whether auto-promotion leaves the origin alone afterwards, or takes it up again."""


async def load(
    connection: AsyncConnection, project: str, name: str, *, lock: bool = False
) -> Row[Any]:
    """One row; raises NotFoundError."""
    columns = tables.promotion.c
    query = select(tables.promotion).where(columns.project == project, columns.name == name)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFoundError(f"promotion {name} does not exist in project {project}")
    return row


async def locked(connection: AsyncConnection, project: str, name: str) -> tuple[Row[Any], Row[Any]]:
    """Its Stage's turn and its own row, locked in that order; raises NotFoundError."""
    row = await load(connection, project, name)
    turn = await turns.lock(connection, project, row.stage)
    return turn, await load(connection, project, name, lock=True)


async def change(
    connection: AsyncConnection, project: str, name: str, *only: ColumnElement[bool], **values: Any
) -> bool:
    """Set columns of one Promotion, `only` where that holds; False when it does not."""
    columns = tables.promotion.c
    changed = await connection.execute(
        update(tables.promotion)
        .where(columns.project == project, columns.name == name, *only)
        .values(**values)
    )
    return changed.rowcount == 1


def values(new: NewPromotion, name: str, now: datetime) -> dict[str, Any]:
    """What the row of a new Promotion holds, all but its collection."""
    stage, freight = new.stage, new.freight
    template = stage.spec.promotion_template
    template_vars = template.spec.vars if template else ()
    return {
        "project": stage.project,
        "name": name,
        "uid": str(uuid4()),
        "stage": stage.name,
        "freight": freight.name,
        "origin": str(freight.origin),
        "phase": Phase.PENDING,
        "message": "",
        "actor": str(new.actor),
        "hold": new.hold,
        "created_at": now,
        "touched_at": now,
        "steps": [s.dump() for s in stage.spec.steps],
        "vars": [v.dump() for v in (*stage.spec.vars, *template_vars)],
        "freight_reference": freight.reference().dump(),
        "waiting": [],
        "ready": False,
        "abort_requested": False,
        "run": 1,
    }


def read(row: Row[Any], steps: Sequence[StepExecution]) -> Promotion:
    """The Promotion that a row holds, with what became of its steps."""
    annotations = {ACTOR_ANNOTATION: row.actor}
    if row.hold:
        annotations[HOLD_ANNOTATION if row.hold == "hold" else RESUME_ANNOTATION] = row.origin
    metadata = {
        "name": row.name,
        "namespace": row.project,
        "uid": row.uid,
        "generation": 1,
        "resourceVersion": str(int(row.touched_at.timestamp() * 1000)),
        "creationTimestamp": row.created_at,
        "labels": {STAGE_LABEL: row.stage},
        "annotations": annotations,
    }
    ended = sum(1 for s in steps if s.status and s.status.ended)
    status = {
        "phase": row.phase,
        "message": row.message,
        "freight": FreightReference.load(row.freight_reference),
        "freightCollection": row.collection,
        "waiting": row.waiting,
        "startedAt": row.started_at,
        "finishedAt": row.finished_at,
        "currentStep": min(ended, max(len(row.steps) - 1, 0)),
        "stepExecutionMetadata": steps,
    }
    spec = {"stage": row.stage, "freight": row.freight, "vars": row.vars, "steps": row.steps}
    return Promotion.load({"metadata": metadata, "spec": spec, "status": status})
