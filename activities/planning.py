"""Planning: what the workflow needs to know of a Promotion's steps, resolved into history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from activities.kinds import StepKind
from ferryman.domain import names
from ferryman.domain.flow import alias_of, path_of
from ferryman.domain.plan import Plan, PlannedStep
from ferryman.domain.promotion import Promotion
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepExecution


def planned(promotion: Promotion, stage: Stage, kinds: Mapping[str, StepKind[Any]]) -> Plan:
    """The steps as they stand: a Promotion that is resumed goes on from there."""
    executed = {s.path: s for s in promotion.status.step_execution_metadata}
    steps = tuple(
        _step(promotion, position, executed.get(path_of(position)), kinds)
        for position in range(len(promotion.spec.steps))
    )
    holder = next((s.worker for s in reversed(executed.values()) if s.worker), "")
    return Plan(
        queue=names.shard_queue(stage.spec.shard),
        worker_queue=names.worker_queue(holder) if holder else "",
        steps=steps,
    )


def _step(
    promotion: Promotion,
    position: int,
    executed: StepExecution | None,
    kinds: Mapping[str, StepKind[Any]],
) -> PlannedStep:
    step = promotion.spec.steps[position]
    kind = kinds.get(step.kind)
    asked = step.retry.error_threshold if step.retry else 0
    new = PlannedStep(
        path=path_of(position),
        uses=step.kind,
        alias=alias_of(step, position),
        has_condition=bool(step.if_),
        continue_on_error=step.continue_on_error,
        error_threshold=asked or (kind.error_threshold if kind else 1),
    )
    if executed is None:
        return new
    ended = executed.status if executed.status and executed.status.ended else None
    return new.model_copy(
        update={
            "status": ended,
            "attempt": executed.attempt,
            "error_count": executed.error_count,
        }
    )
