"""Project and ProjectConfig: the tenant, and which of its Stages promote by themselves."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from ferryman.domain.model import Model
from ferryman.domain.resource import KARGO, Condition, Resource
from ferryman.domain.selectors import StageSelector
from ferryman.domain.webhooks.receivers import ReceiverStatus, WebhookReceiver


class AutoRollback(Model):
    """Which failures bring the last good Freight back."""

    on_promotion: tuple[Literal["Failed", "Errored"], ...] = ()
    on_verification: tuple[Literal["Failed", "Error"], ...] = ("Failed",)


class PromotionPolicyRule(Model):
    """One entry of `promotionPolicies`: the first that matches a Stage holds for it."""

    stage: str = ""
    """The older way to name exactly one Stage."""
    stage_selector: StageSelector | None = None
    auto_promotion_enabled: bool = False
    auto_rollback: AutoRollback | None = None

    @model_validator(mode="after")
    def _one_way_to_select(self) -> PromotionPolicyRule:
        if bool(self.stage) == bool(self.stage_selector):
            raise ValueError("give exactly one of stage and stageSelector")
        return self

    def matches(self, stage: str, labels: dict[str, str]) -> bool:
        """Does this rule speak of that Stage?"""
        if self.stage_selector is None:
            return self.stage == stage
        return self.stage_selector.matches(stage, labels)


class ProjectSpec(Model):
    """What Project carried before ProjectConfig came (Kargo below 1.7)."""

    promotion_policies: tuple[PromotionPolicyRule, ...] = ()


class ProjectStatus(Model):
    """What is observed of a Project or its config."""

    conditions: tuple[Condition, ...] = ()
    observed_generation: int = 0


class Project(Resource):
    """A tenant: everything else lives in one."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Project"] = "Project"
    spec: ProjectSpec = ProjectSpec()
    status: ProjectStatus = ProjectStatus()


class ProjectConfigSpec(Model):
    """Per-Project settings; what is typed `Any` is kept but not acted on yet."""

    promotion_policies: tuple[PromotionPolicyRule, ...] = ()
    webhook_receivers: tuple[WebhookReceiver, ...] = ()
    promotion_windows: tuple[Any, ...] = ()
    stage_links: tuple[Any, ...] = ()
    freight_links: tuple[Any, ...] = ()


class ConfigStatus(ProjectStatus):
    """What is observed of a config; its receivers' addresses are derived when it is read."""

    webhook_receivers: tuple[ReceiverStatus, ...] = ()


class ProjectConfig(Resource):
    """Settings of one Project; its name is the Project's."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["ProjectConfig"] = "ProjectConfig"
    spec: ProjectConfigSpec = Field(default_factory=ProjectConfigSpec)
    status: ConfigStatus = ConfigStatus()


def auto_promotion_enabled(
    rules: tuple[PromotionPolicyRule, ...], stage: str, labels: dict[str, str]
) -> bool:
    """Whether Freight enters that Stage by itself: the first matching rule says (Kargo §1.2)."""
    rule = next((r for r in rules if r.matches(stage, labels)), None)
    return rule is not None and rule.auto_promotion_enabled
