"""What crosses Temporal's history: ids, statuses, and the plan; never outputs, diffs or secrets.

Every field has a default once a release has written it, so that old histories replay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepStatus

STEP_WAITS: Final = "StepWaits"
"""The type of the error by which a step has itself called again: no failure."""


WORKER_LOST: Final = "WorkerLost"
"""The type of the error of what ran in a process that is no more: no failure either."""


class Wire(BaseModel):
    """One object in, one out; unknown fields of a newer release are let pass."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StageKey(Wire):
    """Names a Stage."""

    project: str
    stage: str


class PromotionKey(Wire):
    """Names a Promotion."""

    project: str
    name: str


class WarehouseKey(Wire):
    """Names a Warehouse."""

    project: str
    name: str


class Moment(Wire):
    """A question about a Stage, Promotion or Warehouse at a time that the workflow gives."""

    project: str
    name: str
    now: datetime
    asked: bool = False
    """Of a discovery: somebody wants to know what is new now."""


class LaneOutcome(Wire):
    """What a Stage's lane did, and when it must look again."""

    wake_at: datetime | None = None
    summary: str = ""


class PlannedStep(Wire):
    """One step, with everything resolved that the workflow needs to know of it.

    Path and alias are those within its list: those in a loop or group are led in by what that is.
    """

    path: str
    uses: str
    alias: str = ""
    has_condition: bool = False
    continue_on_error: bool = False
    error_threshold: int = 1
    status: StepStatus | None = None
    """What it had become when the plan was made; newer plans say so in `recorded`."""
    attempt: int = 0
    error_count: int = 0
    tree: bool = True
    """Does it touch the work tree? Then no other step that does runs at the same time."""
    leaves_record: bool = True
    """Is it run itself? A group without `if` is not."""
    children: tuple[PlannedStep, ...] = ()
    """Of a loop, for each item; of a group, side by side."""
    concurrency: int = 1
    """How many items of a loop are worked on at once."""


class RecordedStep(Wire):
    """What a step had become when the plan was made: a resumed Promotion goes on from there."""

    path: str
    status: StepStatus | None = None
    attempt: int = 0
    error_count: int = 0
    keys: tuple[str, ...] = ()
    resting: bool = False
    """Nobody works on it: it looks again later."""


class Plan(Wire):
    """What a Promotion will do, resolved at admission."""

    queue: str
    """Where its first step is picked up."""
    worker_queue: str = ""
    """The worker that has its trees, where one does."""
    run: int = 1
    steps: tuple[PlannedStep, ...] = ()
    recorded: tuple[RecordedStep, ...] = ()


class Admission(Wire):
    """Whether a Promotion may go in."""

    state: Literal["waiting", "admitted", "ended"]
    wake_at: datetime | None = None
    waiting_for: str = ""
    """All unmet conditions in one line, for the Temporal UI."""
    plan: Plan | None = None
    phase: Phase | None = None
    run: int = 0
    """Which run of the Promotion this is about; 0 of an older release."""


class StepCall(Wire):
    """Run one step; all else is in SQL."""

    project: str
    promotion: str
    path: str
    attempt: int
    now: datetime
    run: int = 1
    polls: bool = False
    """May it wait by being retried, so that looking again costs no history?"""


class StepReturn(Wire):
    """What became of it."""

    status: StepStatus
    message: str = ""
    worker_queue: str = ""
    error: bool = False
    """It could not be performed this time; counts against the error threshold."""
    terminal: bool = True
    """Trying again would not help."""
    retry_after_seconds: float = 0
    """For a Running step: when to look again."""
    waiting_for: str = ""
    """For a Running step: what it waits for."""
    keys: tuple[str, ...] = ()
    """Of a loop: what its items are called."""


class Settlement(Wire):
    """A Promotion whose steps have ended."""

    project: str
    name: str
    now: datetime
    aborted: bool = False
    message: str = ""
    run: int = 0
    """Which run of the Promotion has ended; 0 of an older release."""


class Settled(Wire):
    """How a Promotion ended."""

    phase: Phase
    message: str = ""
    reopened: bool = False
    """Somebody has it tried again already."""


class DecisionCall(Wire):
    """A decision that came by signal; whatever was sent is kept, and judged in SQL."""

    project: str
    promotion: str
    verdict: Literal["approve", "reject", "abort"]
    body: Any = None
    now: datetime


class PromoteRequest(BaseModel):
    """What people type into the Temporal UI to promote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(min_length=1)
    stage: str = Field(min_length=1)
    freight: str = Field(min_length=1)
    """A name or an alias."""
    by: str = ""
    """Who asks, as claimed."""


class PromoteCall(Wire):
    """The same, with the time."""

    request: PromoteRequest
    now: datetime


class DiscoveryOutcome(Wire):
    """What a discovery did."""

    freight: str = ""
    alias: str = ""
    created: bool = False
    message: str = ""


class SweepOutcome(Wire):
    """What a sweep mended."""

    promotions: int = 0
    stages: int = 0
    warehouses: int = 0
