"""Steps as they are written, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from ferryman.domain.model import Model


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
    """One entry of a template's `steps`."""

    uses: str = ""
    task: TaskReference | None = None
    as_: str = Field(default="", alias="as")
    if_: str = Field(default="", alias="if")
    continue_on_error: bool = False
    retry: Retry | None = None
    vars: tuple[Variable, ...] = ()
    config: Any = None

    @property
    def kind(self) -> str:
        """What runs it: its `uses`, or `task` for a reference that was not inlined."""
        return self.uses or "task"


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


class StepExecution(Model):
    """What is recorded of one step's execution (Kargo's StepExecutionMetadata, and its path)."""

    path: str
    """Its identity within the Promotion: `3`, `deploy::2`."""
    alias: str = ""
    uses: str = ""
    status: StepStatus | None = None
    message: str = ""
    attempt: int = 0
    """Counts dispatches to workers; only the newest may write."""
    error_count: int = 0
    continue_on_error: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worker: str = ""
