"""What clients send."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from ferryman.domain.model import Model


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


class Said(Model):
    """What somebody adds to a decision."""

    comment: str = Field(default="", max_length=4000)
