"""Scene: everything recorded that one step's execution depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from activities.kinds import StepConfig, StepKind
from ferryman.domain.durations import parse_duration
from ferryman.domain.placement import Placed, keys_of, walk
from ferryman.domain.plan import StepCall
from ferryman.domain.promotion import Promotion, Unmet
from ferryman.domain.step import Step
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.steps import StepRecord


@dataclass(frozen=True)
class Earlier:
    """A step that came before, and what is recorded of it."""

    placed: Placed
    record: StepRecord


@dataclass(frozen=True)
class Scene:
    """A step within its Promotion."""

    call: StepCall
    promotion: Promotion
    placed: Placed
    kind: StepKind[StepConfig] | None
    """None: no worker knows it, or it is a loop or a group."""
    poll: int = 1
    """How often this attempt has looked, where it waits for something."""
    records: Mapping[str, StepRecord] = field(default_factory=dict)
    """Every step recorded so far, this one included."""

    @property
    def step(self) -> Step:
        """As it is written."""
        return self.placed.step

    @property
    def key(self) -> StepKey:
        """This attempt."""
        call = self.call
        return StepKey(call.project, call.promotion, call.run, call.path, call.attempt, self.poll)

    @property
    def waiting(self) -> Sequence[Unmet]:
        """What its Promotion's steps were waiting for when this look began."""
        return self.promotion.status.waiting

    @property
    def looks(self) -> int:
        """How often somebody has looked before, in this attempt and those before it."""
        return self.call.attempt + self.poll - 2

    @property
    def facts(self) -> StepFacts:
        """What does not change from attempt to attempt."""
        return StepFacts(
            place=self.placed.order,
            alias=self.placed.alias,
            uses=self.step.kind,
            continue_on_error=self.placed.continue_on_error,
        )

    @property
    def record(self) -> StepRecord:
        """What is recorded of this step."""
        return self.records[self.call.path]

    @cached_property
    def earlier(self) -> list[Earlier]:
        """The steps before this one, in order; not those that run beside it."""
        keys = keys_of(record.execution for record in self.records.values())
        return [
            Earlier(placed, self.records[placed.path])
            for placed in walk(self.promotion.spec.steps, keys)
            if placed.path in self.records and self.placed.after(placed)
        ]

    @property
    def newest_tree(self) -> int:
        """Which of the steps that left a tree is the last; 0: none has."""
        return max((record.tree_order or 0 for record in self.records.values()), default=0)

    @property
    def others(self) -> list[StepRecord]:
        """Every other step that was begun, also beside this one."""
        return [r for path, r in self.records.items() if path != self.call.path]

    @property
    def error_threshold(self) -> int:
        """How many errors end it."""
        return threshold_of(self.step, self.kind)

    @property
    def timeout(self) -> timedelta:
        """From its first start; zero is none."""
        return timeout_of(self.step, self.kind)

    @property
    def started_at(self) -> datetime:
        """When its first attempt began."""
        return self.record.execution.started_at or self.call.now

    def time_left(self) -> float | None:
        """Seconds until the step times out; None: it never does."""
        if not self.timeout:
            return None
        return max((self.started_at + self.timeout - self.call.now).total_seconds(), 0)


def threshold_of(step: Step, kind: StepKind[StepConfig] | None) -> int:
    """How many errors end a step: as many as it says itself, else its kind."""
    asked = step.retry.error_threshold if step.retry else 0
    return asked or (kind.error_threshold if kind else 1)


def timeout_of(step: Step, kind: StepKind[StepConfig] | None) -> timedelta:
    """The step's own timeout, else its kind's; zero is none."""
    if step.retry and step.retry.timeout:
        return parse_duration(step.retry.timeout, field="retry.timeout")
    return kind.timeout if kind else timedelta()
