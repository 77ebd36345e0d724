"""PromotionPolicy (ours): what must be true before a Promotion may go into a Stage."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ferryman.domain.model import Model
from ferryman.domain.project import ProjectStatus
from ferryman.domain.resource import OURS, Resource
from ferryman.domain.selectors import StageSelector


class Approvals(Model):
    """How many people must agree."""

    required: int = Field(default=1, ge=0, le=100)


class PromotionPolicySpec(Model):
    """Which Stages, and what they ask for; what is typed `Any` is kept but not acted on yet."""

    stage_selector: StageSelector
    approvals: Approvals = Approvals()
    queue: Any = None
    rollback: Any = None


class PromotionPolicy(Resource):
    """What must be true before a Promotion may go into the Stages that it selects."""

    api_version: Literal["ferryman.dev/v1alpha1"] = OURS
    kind: Literal["PromotionPolicy"] = "PromotionPolicy"
    spec: PromotionPolicySpec
    status: ProjectStatus = ProjectStatus()


def approvals_required(
    policies: tuple[PromotionPolicy, ...], stage: str, labels: dict[str, str]
) -> int:
    """The most that any matching policy asks for."""
    matching = (p for p in policies if p.spec.stage_selector.matches(stage, labels))
    return max((p.spec.approvals.required for p in matching), default=0)
