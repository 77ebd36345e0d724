"""Promotion rows: Promotions as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import Freight, FreightReference
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.stage import Stage
from ferryman.domain.step import Step, StepExecution
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


async def change(connection: AsyncConnection, project: str, name: str, **values: Any) -> None:
    """Set columns of one Promotion."""
    columns = tables.promotion.c
    await connection.execute(
        update(tables.promotion)
        .where(columns.project == project, columns.name == name)
        .values(**values)
    )


def values(new: NewPromotion, name: str, steps: Sequence[Step], now: datetime) -> dict[str, Any]:
    """What the row of a new Promotion holds, all but its collection."""
    stage, freight = new.stage, new.freight
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
        "steps": [s.dump() for s in steps],
        "vars": [v.dump() for v in stage.spec.promotion_vars],
        "freight_reference": freight.reference().dump(),
        "waiting": [],
        "ready": False,
        "abort_requested": False,
        "run": 1,
        "runs": [],
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
    status = {
        "phase": row.phase,
        "message": row.message,
        "freight": FreightReference.load(row.freight_reference),
        "freightCollection": row.collection,
        "waiting": row.waiting,
        "startedAt": row.started_at,
        "finishedAt": row.finished_at,
        "run": row.run,
        "runs": row.runs or [],
        "currentStep": _current_step(steps, len(row.steps)),
        "stepExecutionMetadata": steps,
    }
    spec = {"stage": row.stage, "freight": row.freight, "vars": row.vars, "steps": row.steps}
    return Promotion.load({"metadata": metadata, "spec": spec, "status": status})


def _current_step(steps: Sequence[StepExecution], planned: int) -> int:
    """Which of the steps that were planned runs or is next, or was last; from 0."""
    running = [_index(s) for s in steps if s.status and not s.status.ended]
    ended = [_index(s) + 1 for s in steps if s.status and s.status.ended]
    return min((*running, max(ended, default=0), max(planned - 1, 0)))


def _index(step: StepExecution) -> int:
    """Where it stands, or the loop or group that it stands in."""
    return int(step.place.partition(".")[0]) - 1
