"""What clients send."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ferryman.domain.model import Model
from ferryman.domain.ruling import Ruling
from ferryman.domain.step import StepStatus


class PromoteToStage(Model):
    """Kargo's PromoteToStageRequest: exactly one of the three."""

    freight: str = ""
    """A name."""
    freight_alias: str = ""
    origin: str = ""
    """A Warehouse: `name` or `Warehouse/name`; the newest that may enter is taken."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(map(bool, (self.freight, self.freight_alias, self.origin))) != 1:
            raise ValueError("give exactly one of freight, freightAlias and origin")
        return self


class PromoteDownstream(Model):
    """Kargo's PromoteDownstreamRequest: exactly one of the two."""

    freight: str = ""
    """A name."""
    freight_alias: str = ""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if bool(self.freight) == bool(self.freight_alias):
            raise ValueError("give exactly one of freight and freightAlias")
        return self


class Said(Model):
    """What somebody adds to a decision."""

    comment: str = Field(default="", max_length=4000)


class RetryPromotion(Model):
    """How a Promotion that did not succeed is tried again (ours)."""

    from_: str = Field(default="", alias="from")
    """The path or alias of the step to go on from; "": the first that did not succeed."""
    reason: str = Field(default="", max_length=4000)


class SkipStep(Model):
    """Why a step is left out (ours)."""

    reason: str = Field(min_length=1, max_length=4000)
    retry: bool = False
    """Of a Promotion that has ended: try it again from this step."""

    def ruling(self, step: str) -> Ruling:
        """What is said of that step."""
        return Ruling("skip", step, self.reason)


class OverrideStep(Model):
    """How a step counts as having ended (ours)."""

    status: Literal["Succeeded", "Skipped", "Failed"] = "Succeeded"
    outputs: dict[str, Any] = Field(default_factory=dict)
    """What later steps see of it."""
    reason: str = Field(min_length=1, max_length=4000)
    retry: bool = False
    """Of a Promotion that has ended: try it again from this step."""

    def ruling(self, step: str) -> Ruling:
        """What is said of that step."""
        return Ruling("override", step, self.reason, StepStatus(self.status), self.outputs)


class PickFreight(Model):
    """What to make Freight of, from what a Warehouse discovered (ours)."""

    warehouse: str = Field(min_length=1)
    images: tuple[str, ...] = ()
    """`REPO:TAG` or `REPO@DIGEST`; of what is not named, the newest is taken."""
    commits: tuple[str, ...] = ()
    """`REPO@ID`, with at least seven digits of the id, or `REPO@TAG`."""
    charts: tuple[str, ...] = ()
    """`REPO@VERSION` or `REPO/NAME@VERSION`."""
    artifacts: tuple[str, ...] = ()
    """`NAME@VERSION`: of subscriptions of types of one's own, by their names."""
    alias: str = ""
    """How to call it; one is found if none is given."""
