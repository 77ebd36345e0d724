"""Planning: what the workflow needs to know of a Promotion's steps, resolved into history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activities.kinds import StepKind
from activities.scene import threshold_of
from ferryman.domain import names
from ferryman.domain.placement import Named, named
from ferryman.domain.plan import Plan, PlannedStep, RecordedStep
from ferryman.domain.promotion import Promotion
from ferryman.domain.stage import Stage
from ferryman.domain.step import Step, StepExecution

Kinds = Mapping[str, StepKind[Any]]


def planned(promotion: Promotion, stage: Stage, kinds: Kinds) -> Plan:
    """The steps, and how they stand: a Promotion that is resumed goes on from there."""
    status = promotion.status
    executed = status.step_execution_metadata
    holder = next((s.worker for s in reversed(executed) if s.worker), "")
    return Plan(
        queue=names.shard_queue(stage.spec.shard),
        worker_queue=names.worker_queue(holder) if holder else "",
        run=status.run,
        steps=_Planning(kinds).all_of(promotion.spec.steps),
        recorded=tuple(_recorded(execution) for execution in executed),
    )


@dataclass(frozen=True)
class _Planning:
    kinds: Kinds

    def all_of(
        self, steps: Sequence[Step], *, group: str = "", excused: bool = False
    ) -> tuple[PlannedStep, ...]:
        return tuple(self._step(name, excused=excused) for name in named(steps, group))

    def _step(self, name: Named, *, excused: bool) -> PlannedStep:
        step = name.step
        excused = excused or step.continue_on_error
        kind = self.kinds.get(step.kind)
        inside = bool(step.children)
        return PlannedStep(
            path=name.path,
            uses=step.kind,
            alias=name.alias,
            has_condition=bool(step.if_),
            continue_on_error=excused,
            error_threshold=threshold_of(step, kind),
            tree=not inside and (kind is None or kind.touches_tree),
            leaves_record=step.leaves_record,
            children=self.all_of(
                step.children, group="" if step.is_loop else name.alias, excused=excused
            ),
            concurrency=step.concurrency or 1,
        )


def _recorded(execution: StepExecution) -> RecordedStep:
    ended = execution.status if execution.status and execution.status.ended else None
    return RecordedStep(
        path=execution.path,
        status=ended,
        attempt=execution.attempt,
        error_count=execution.error_count,
        keys=execution.keys or (),
        resting=execution.resting,
    )
