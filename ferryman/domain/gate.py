"""What a Promotion waits for before it may ask for its Stage's turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ferryman.domain.event import Decision
from ferryman.domain.promotion import Phase, Unmet


@dataclass(frozen=True)
class Overtaking:
    """A later Promotion of the same Stage that went in first."""

    name: str
    at: datetime


@dataclass(frozen=True)
class GateView:
    """All that the gate depends on."""

    approvals_required: int
    decisions: Sequence[Decision]
    """In order of time, refused ones included."""
    overtaken_by: Overtaking | None = None


def unmet(view: GateView) -> tuple[Unmet, ...]:
    """What keeps the gate shut; empty when it is open.

    An overtaken Promotion would put something older back, so approvals from before that do not
    count any more, and one is needed even where no policy asks.
    """
    overtaken = view.overtaken_by
    required = max(view.approvals_required, 1) if overtaken else view.approvals_required
    agreed = approvers(view.decisions, overtaken)
    if len(agreed) >= required:
        return ()
    message = f"approval {len(agreed)} of {required}"
    if overtaken:
        return (Unmet(reason="Overtaken", message=f"overtaken by {overtaken.name}; {message}"),)
    return (Unmet(reason="WaitingForApproval", message=message),)


def rejection(view: GateView) -> Decision | None:
    """The decision that ends the Promotion, if there is one."""
    return next((d for d in view.decisions if d.verdict == "reject" and not d.refused), None)


def refusal(
    decision: Decision,
    *,
    phase: Phase,
    earlier: Sequence[Decision],
    overtaken_by: Overtaking | None = None,
    proof_required: bool = False,
) -> str:
    """Why a decision about a Promotion in `phase` does not count; "" when it does."""
    if proof_required and not decision.proven:
        return "this server takes decisions from signed-in people only; use the API or the CLI"
    if decision.verdict == "abort":
        return f"the promotion has ended already: {phase}" if phase.terminal else ""
    if phase is not Phase.PENDING:
        return f"the promotion does not wait for a decision: it is {phase}"
    if decision.verdict == "approve" and decision.actor in approvers(earlier, overtaken_by):
        return f"{decision.actor} approved it already"
    return ""


def approvers(decisions: Sequence[Decision], overtaken_by: Overtaking | None) -> frozenset[str]:
    """Who agrees, each counted once; what was said before an overtaking is past."""
    return frozenset(
        d.actor
        for d in decisions
        if d.verdict == "approve"
        and not d.refused
        and (overtaken_by is None or d.at > overtaken_by.at)
    )
