"""Promotion: one attempt to move one Freight into one Stage by running steps."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from ferryman.domain.freight import FreightReference
from ferryman.domain.model import Model
from ferryman.domain.resource import KARGO, Resource
from ferryman.domain.step import Step, StepExecution, Variable


class Phase(StrEnum):
    """Where a Promotion is (Kargo §1.7)."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    ERRORED = "Errored"
    ABORTED = "Aborted"

    @property
    def terminal(self) -> bool:
        """Will it never change again?"""
        return self not in {Phase.PENDING, Phase.RUNNING}


class EarlierRun(Model):
    """How a Promotion ended before it was tried again."""

    run: int
    phase: Phase
    message: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


class Unmet(Model):
    """One condition that keeps something from moving, in words that say what would help."""

    reason: str
    """CamelCase, for programs: `WaitingForApproval`, `NotVerified`, `SoakTime`, `Turn`, …"""
    message: str
    until: datetime | None = None
    """When time alone may change it; None: an event must."""
    step: str = ""
    """The path of the step that waits; "": the Promotion."""


class FreightCollection(Model):
    """A Stage's Freight of every origin after a Promotion; keys are `Warehouse/<name>`."""

    id: str
    items: dict[str, FreightReference] = Field(default_factory=dict)


class PromotionSpec(Model):
    """What a Promotion will do; frozen at creation."""

    stage: str
    freight: str
    vars: tuple[Variable, ...] = ()
    steps: tuple[Step, ...] = ()


class PromotionStatus(Model):
    """How far it is."""

    phase: Phase = Phase.PENDING
    message: str = ""
    freight: FreightReference | None = None
    freight_collection: FreightCollection | None = None
    waiting: tuple[Unmet, ...] = ()
    """What keeps it from going on, all of it; empty while steps run."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    run: int = 1
    """How often it was tried, with retries that somebody asked for."""
    runs: tuple[EarlierRun, ...] = ()
    current_step: int = 0
    step_execution_metadata: tuple[StepExecution, ...] = ()
    state: dict[str, Any] = Field(default_factory=dict)
    """Each step's output by alias; sensitive values masked."""


class Promotion(Resource):
    """One attempt to move one Freight into one Stage."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Promotion"] = "Promotion"
    spec: PromotionSpec
    status: PromotionStatus = PromotionStatus()
