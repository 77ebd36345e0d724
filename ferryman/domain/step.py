"""Steps as they are written, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import Field

from ferryman.domain.model import Model

LOOP: Final = "forEach"
GROUP: Final = "parallel"
MAX_ITEMS: Final = 256


class Variable(Model):
    """A named value; the value may contain expressions."""

    name: str = Field(pattern=r"^[a-zA-Z_]\w*$")
    value: str = ""


class Retry(Model):
    """How often and how long a step is tried."""

    timeout: str = ""
    """A Go duration from the step's first start; "" is the step kind's own, "0s" none."""
    error_threshold: int = Field(default=0, ge=0)
    """Errors in a row that end the step; 0 is the step kind's own (1 for most)."""


class TaskReference(Model):
    """A PromotionTask to inline."""

    name: str
    kind: Literal["PromotionTask", "ClusterPromotionTask"] = "PromotionTask"


class Step(Model):
    """One entry of a template's `steps`: a step, a task, or (ours) a loop or a group of steps."""

    uses: str = ""
    task: TaskReference | None = None
    as_: str = Field(default="", alias="as")
    if_: str = Field(default="", alias="if")
    continue_on_error: bool = False
    retry: Retry | None = None
    vars: tuple[Variable, ...] = ()
    config: Any = None
    for_each: Any = None
    """A list: the `steps` run once for each of its items."""
    concurrency: int | None = Field(default=None, ge=1, le=MAX_ITEMS)
    """How many items are worked on at once; 1 unless given."""
    steps: tuple[Step, ...] | None = None
    parallel: tuple[Step, ...] | None = None
    """Steps that run side by side."""

    @property
    def kind(self) -> str:
        """What runs it: its `uses`, or what it is instead."""
        if self.is_loop:
            return LOOP
        if self.parallel is not None:
            return GROUP
        return self.uses or "task"

    @property
    def is_loop(self) -> bool:
        """Do its steps run once for each item of a list?"""
        return self.for_each is not None

    @property
    def leaves_record(self) -> bool:
        """Is it run itself? A group without `if` is only what is in it."""
        return self.parallel is None or bool(self.if_)

    @property
    def one_by_one(self) -> bool:
        """Of a loop: is one item done before the next begins?"""
        return (self.concurrency or 1) == 1

    @property
    def children(self) -> tuple[Step, ...]:
        """The steps inside a loop or a group."""
        return (self.steps if self.is_loop else self.parallel) or ()


class StepStatus(StrEnum):
    """What became of a step (Kargo §1.7)."""

    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    SKIPPED = "Skipped"
    FAILED = "Failed"
    """It ran properly; the outcome is negative."""
    ERRORED = "Errored"
    """It could not be performed."""
    ABORTED = "Aborted"

    @property
    def ended(self) -> bool:
        """Will it never change again?"""
        return self is not StepStatus.RUNNING

    @property
    def bad(self) -> bool:
        """Does it stop what follows?"""
        return self in {StepStatus.FAILED, StepStatus.ERRORED, StepStatus.ABORTED}


def identity(name: str, run: int) -> str:
    """What something of a run is called where those of all runs are: `3`, `3#2`, `3#3`."""
    return name if run == 1 else f"{name}#{run}"


class StepExecution(Model):
    """What is recorded of one step's execution (Kargo's StepExecutionMetadata, and its path)."""

    path: str
    """Its identity within the Promotion: `3`, `deploy::2`, `regions[eu]::1`."""
    place: str = Field(default="", exclude=True)
    """Where it stands among the others: `3.2.1`; for whoever puts them in order."""
    alias: str = ""
    uses: str = ""
    status: StepStatus | None = None
    message: str = ""
    run: int = 1
    """The run of the Promotion in which it ran; a later one may keep what it did."""
    attempt: int = 0
    """Counts dispatches to workers; only the newest may write."""
    error_count: int = 0
    continue_on_error: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worker: str = ""
    resting: bool = Field(default=False, exclude=True)
    """Is it Running, but only looks again later?"""
    keys: tuple[str, ...] | None = None
    """Of a loop: what its items are called, in order."""
