"""Stage: a promotion target, and what it has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from ferryman.domain.freight import FreightReference, Origin
from ferryman.domain.model import Model
from ferryman.domain.promotion import FreightCollection, Phase
from ferryman.domain.resource import KARGO, Condition, Resource
from ferryman.domain.step import Step, Variable

DURATION = r"^([0-9]+(\.[0-9]+)?(s|m|h))+$"


class AutoPromotionOptions(Model):
    """Which Freight auto-promotion picks."""

    selection_policy: Literal["NewestFreight", "MatchUpstream"] = "NewestFreight"


class Sources(Model):
    """Where a Stage accepts an origin's Freight from."""

    direct: bool = False
    stages: tuple[str, ...] = ()
    required_soak_time: str | None = Field(default=None, pattern=DURATION)
    availability_strategy: Literal["All", "OneOf", ""] = ""
    auto_promotion_options: AutoPromotionOptions | None = None


class RequestedFreight(Model):
    """One origin that a Stage wants Freight of."""

    origin: Origin
    sources: Sources


class TemplateSpec(Model):
    """Variables and steps of every Promotion to a Stage."""

    vars: tuple[Variable, ...] = ()
    steps: tuple[Step, ...] = ()


class PromotionTemplate(Model):
    """How Freight gets into a Stage."""

    spec: TemplateSpec


class AnalysisTemplateReference(Model):
    """An analysis to run."""

    name: str
    kind: Literal["AnalysisTemplate", "ClusterAnalysisTemplate"] = "AnalysisTemplate"


class AnalysisRunMetadata(Model):
    """What each run is labelled with."""

    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)


class AnalysisArgument(Model):
    """A value for the analyses; it may contain expressions."""

    name: str
    value: str


class VerificationSpec(Model):
    """How a Stage is verified; not acted on yet."""

    analysis_templates: tuple[AnalysisTemplateReference, ...] = ()
    analysis_run_metadata: AnalysisRunMetadata | None = None
    args: tuple[AnalysisArgument, ...] = ()


class StageSpec(Model):
    """What a Stage is; what is typed `Any` is kept but not acted on yet."""

    shard: str = ""
    vars: tuple[Variable, ...] = ()
    requested_freight: tuple[RequestedFreight, ...] = Field(min_length=1)
    promotion_template: PromotionTemplate | None = None
    verification: VerificationSpec | None = None
    targets: Any = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The template's steps; none makes it a control-flow Stage."""
        return self.promotion_template.spec.steps if self.promotion_template else ()

    @property
    def promotion_vars(self) -> tuple[Variable, ...]:
        """What every step of a Promotion sees: the Stage's vars, then the template's."""
        template = self.promotion_template.spec.vars if self.promotion_template else ()
        return (*self.vars, *template)

    @property
    def control_flow(self) -> bool:
        """A Stage without steps: a joint of the pipeline that passes on what reaches it."""
        return not self.steps

    def request(self, origin: Origin) -> RequestedFreight | None:
        """The entry that asks for that origin."""
        return next((r for r in self.requested_freight if r.origin == origin), None)


class Verification(Model):
    """One verification of what a Stage has."""

    id: str
    phase: Literal["Pending", "Running", "Successful", "Failed", "Error", "Aborted", "Inconclusive"]
    start_time: datetime | None = None
    finish_time: datetime | None = None
    message: str = ""
    actor: str = ""


class FreightHistoryEntry(FreightCollection):
    """What a Stage had, newest first, and how it was verified."""

    verification_history: tuple[Verification, ...] = ()


class PromotionResult(Model):
    """How a Promotion fares, or fared."""

    phase: Phase | None = None
    message: str = ""


class PromotionSummary(Model):
    """A Promotion as its Stage remembers it (Kargo's PromotionReference)."""

    name: str
    freight: FreightReference | None = None
    status: PromotionResult = PromotionResult()
    finished_at: datetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_stored(cls, data: Any) -> Any:
        """Phase and message stood beside the name once; stores have such rows."""
        if not isinstance(data, dict) or "status" in data:
            return data
        moved = {key: data[key] for key in ("phase", "message") if key in data}
        return {key: value for key, value in data.items() if key not in moved} | {"status": moved}


class Health(Model):
    """How well it runs; the states stand from best to worst."""

    status: Literal["Healthy", "NotApplicable", "Progressing", "Unknown", "Unhealthy"]
    issues: tuple[str, ...] = ()


class StageStatus(Model):
    """What is observed of a Stage."""

    conditions: tuple[Condition, ...] = ()
    freight_history: tuple[FreightHistoryEntry, ...] = ()
    """Newest first, at most 10."""
    freight_summary: str = ""
    health: Health | None = None
    current_promotion: PromotionSummary | None = None
    last_promotion: PromotionSummary | None = None
    auto_promotion_enabled: bool = False
    observed_generation: int = 0
    metadata: dict[str, Any] = Field(default_factory=dict)

    @property
    def current(self) -> FreightHistoryEntry | None:
        """What the Stage has now."""
        return self.freight_history[0] if self.freight_history else None


class Stage(Resource):
    """A promotion target."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Stage"] = "Stage"
    spec: StageSpec
    status: StageStatus = StageStatus()
