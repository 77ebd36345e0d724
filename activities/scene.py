"""Scene: everything recorded that one step's execution depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activities.kinds import StepConfig, StepKind
from ferryman.domain.durations import parse_duration
from ferryman.domain.flow import alias_of
from ferryman.domain.plan import StepCall
from ferryman.domain.promotion import Promotion
from ferryman.domain.step import Step
from ferryman.storage.steps import StepFacts, StepKey, StepRecord

DEFAULT_RUN = 1


@dataclass(frozen=True)
class Scene:
    """A step within its Promotion."""

    call: StepCall
    promotion: Promotion
    position: int
    step: Step
    kind: StepKind[StepConfig] | None
    """None: no worker knows it."""
    records: Mapping[str, StepRecord] = field(default_factory=dict)
    """Every step recorded so far, this one included."""

    @property
    def key(self) -> StepKey:
        """This attempt."""
        call = self.call
        return StepKey(call.project, call.promotion, DEFAULT_RUN, call.path, call.attempt)

    @property
    def facts(self) -> StepFacts:
        """What does not change from attempt to attempt."""
        return StepFacts(
            position=self.position,
            alias=alias_of(self.step, self.position),
            uses=self.step.kind,
            continue_on_error=self.step.continue_on_error,
        )

    @property
    def record(self) -> StepRecord:
        """What is recorded of this step."""
        return self.records[self.call.path]

    @property
    def earlier(self) -> list[StepRecord]:
        """The steps before this one, in order."""
        return [r for r in self.records.values() if r.execution.path != self.call.path]

    @property
    def error_threshold(self) -> int:
        """How many errors end it."""
        asked = self.step.retry.error_threshold if self.step.retry else 0
        return asked or (self.kind.error_threshold if self.kind else 1)

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


def timeout_of(step: Step, kind: StepKind[StepConfig] | None) -> timedelta:
    """The step's own timeout, else its kind's; zero is none."""
    if step.retry and step.retry.timeout:
        return parse_duration(step.retry.timeout, field="retry.timeout")
    return kind.timeout if kind else timedelta()
