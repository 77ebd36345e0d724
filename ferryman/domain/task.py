"""PromotionTask and ClusterPromotionTask: steps that several Stages share (Kargo §1.8)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ferryman.domain.model import Model
from ferryman.domain.resource import KARGO, Condition, Resource
from ferryman.domain.step import Step, Variable


class TaskSpec(Model):
    """What a task does, and what it wants to be told."""

    vars: tuple[Variable, ...] = ()
    """Each with its default; one without a value must be given by whoever uses the task."""
    steps: tuple[Step, ...] = Field(min_length=1)


class TaskStatus(Model):
    """What is observed of a task."""

    conditions: tuple[Condition, ...] = ()


class PromotionTask(Resource):
    """Steps for the Stages of one Project."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["PromotionTask"] = "PromotionTask"
    spec: TaskSpec
    status: TaskStatus = TaskStatus()


class ClusterPromotionTask(Resource):
    """Steps for the Stages of every Project."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["ClusterPromotionTask"] = "ClusterPromotionTask"
    spec: TaskSpec
    status: TaskStatus = TaskStatus()
