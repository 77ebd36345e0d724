"""The control activities, each once: name, input, output, time allowed, retries.

Steps are not here: they are called by their kind, so that history reads like the user's YAML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from ferryman.domain.event import Decision
from ferryman.domain.plan import (
    Admission,
    DecisionCall,
    DiscoveryOutcome,
    LaneOutcome,
    Moment,
    PromoteCall,
    PromotionKey,
    Settled,
    Settlement,
    SweepOutcome,
    Wire,
)

In = TypeVar("In", bound=Wire)
Out = TypeVar("Out")

_FOREVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)
)
"""SQL is needed to go on at all, so these never give up."""

_PERMANENT = [
    "PermanentError",
    "InvalidError",
    "NotFoundError",
    "ConflictError",
    "DeniedError",
]
"""What is told to whom asked, instead of being tried again for ever: see domain/errors.py."""

_ANSWERING = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(seconds=30),
    non_retryable_error_types=_PERMANENT,
)

_WATCHING = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=1.3,
    maximum_interval=timedelta(seconds=10),
    non_retryable_error_types=_PERMANENT,
)
"""Polling by activity retries costs no history."""


_BEAT = timedelta(seconds=5)
"""What is silent for longer has lost its worker, and is done by another."""


@dataclass(frozen=True)
class Call(Generic[In, Out]):
    """One control activity."""

    name: str
    output: type[Out]
    start_to_close: timedelta = timedelta(seconds=30)
    retry: RetryPolicy = field(default_factory=lambda: _FOREVER)
    heartbeat: timedelta = _BEAT

    async def __call__(self, argument: In, *, summary: str = "") -> Out:
        """Run it from a workflow."""
        result: Out = await workflow.execute_activity(
            self.name,
            argument,
            result_type=self.output,
            start_to_close_timeout=self.start_to_close,
            heartbeat_timeout=self.heartbeat,
            retry_policy=self.retry,
            summary=summary or None,
        )
        return result


DECIDE: Call[Moment, LaneOutcome] = Call("decide", LaneOutcome)
ADMIT: Call[Moment, Admission] = Call("admit", Admission)
SETTLE: Call[Settlement, Settled] = Call("settle", Settled)
RECORD_DECISION: Call[DecisionCall, Decision] = Call("record_decision", Decision)
PROMOTE: Call[PromoteCall, PromotionKey] = Call("promote", PromotionKey, retry=_ANSWERING)
AWAIT_PROMOTION: Call[PromotionKey, Settled] = Call("await_promotion", Settled, retry=_WATCHING)
DISCOVER: Call[Moment, DiscoveryOutcome] = Call(
    "discover",
    DiscoveryOutcome,
    start_to_close=timedelta(minutes=15),
    heartbeat=timedelta(seconds=30),
)
SWEEP: Call[Moment, SweepOutcome] = Call("sweep", SweepOutcome, start_to_close=timedelta(minutes=5))
CONTROL = frozenset(
    call.name
    for call in (DECIDE, ADMIT, SETTLE, RECORD_DECISION, PROMOTE, AWAIT_PROMOTION, DISCOVER, SWEEP)
)
"""What these are called; all other activities are steps."""
