"""Which Stages a policy speaks of: by name or pattern, and by labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from ferryman.domain.errors import InvalidError
from ferryman.domain.model import Model
from ferryman.domain.patterns import compile_name

_TAKES_VALUES = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}


class LabelRequirement(Model):
    """One entry of `matchExpressions` (Kubernetes' LabelSelectorRequirement)."""

    key: str = Field(min_length=1)
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _values_where_they_belong(self) -> Self:
        if _TAKES_VALUES[self.operator] != bool(self.values):
            needs = "needs values" if not self.values else "takes no values"
            raise ValueError(f"operator {self.operator} {needs}")
        return self

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether it holds; a missing label is in no list and so satisfies `NotIn`."""
        present = self.key in labels
        match self.operator:
            case "Exists":
                return present
            case "DoesNotExist":
                return not present
            case "In":
                return present and labels[self.key] in self.values
            case "NotIn":
                return not present or labels[self.key] not in self.values


class StageSelector(Model):
    """Selects Stages; all that is given must hold, and nothing given selects every Stage.

    `name` is exact, or a pattern after `regex:`, `regexp:` or `glob:` (Kargo §1.2). A bad
    pattern is a validation error of the model.
    """

    name: str = ""
    match_labels: dict[str, str] = Field(default_factory=dict)
    match_expressions: tuple[LabelRequirement, ...] = ()

    @model_validator(mode="after")
    def _name_compiles(self) -> Self:
        try:
            compile_name(self.name)
        except InvalidError as error:
            raise ValueError(f"name: {error}") from None
        return self

    def matches(self, stage: str, labels: Mapping[str, str]) -> bool:
        """Whether the Stage of that name, with those labels, is selected."""
        return (
            (not self.name or compile_name(self.name).search(stage) is not None)
            and all(labels.get(key) == value for key, value in self.match_labels.items())
            and all(requirement.matches(labels) for requirement in self.match_expressions)
        )
