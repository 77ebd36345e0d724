"""Why a Promotion does not move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from ferryman.domain.event import Decision
from ferryman.domain.model import Model
from ferryman.domain.promotion import Phase, Promotion, Unmet
from ferryman.domain.step import StepExecution, StepStatus


class Explanation(Model):
    """Every unmet condition, who said what, and the steps that run."""

    promotion: str
    stage: str
    freight: str
    phase: Phase
    message: str = ""
    unmet: tuple[Unmet, ...] = ()
    running: tuple[StepExecution, ...] = ()
    """Each with what it waits for in its message, if it waits."""
    decisions: tuple[Decision, ...] = ()

    @classmethod
    def of(cls, promotion: Promotion, decisions: Sequence[Decision]) -> Self:
        """What is known of it."""
        status = promotion.status
        steps = status.step_execution_metadata
        return cls(
            promotion=promotion.name,
            stage=promotion.spec.stage,
            freight=promotion.spec.freight,
            phase=status.phase,
            message=status.message,
            unmet=_unmet(promotion),
            running=tuple(s for s in steps if s.status is StepStatus.RUNNING),
            decisions=tuple(decisions),
        )


def _unmet(promotion: Promotion) -> tuple[Unmet, ...]:
    status = promotion.status
    if status.phase is not Phase.PENDING or status.waiting:
        return status.waiting
    message = "no worker has taken it up yet; if none does, see that one runs: `python -m worker`"
    return (Unmet(reason="WaitingForWorker", message=message),)
