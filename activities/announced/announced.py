"""Announced: a kind of step whose config is known, and which no worker of this release runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from activities.kinds import StepConfig

DURATION: Final = r"^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$"


@dataclass(frozen=True)
class Announced:
    """One kind of Kargo's, as far as manifests can be checked by it."""

    kind: str
    summary: str
    config: type[StepConfig]
    outputs: Mapping[str, str] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        """Its config's JSON schema."""
        return self.config.model_json_schema(by_alias=True)
