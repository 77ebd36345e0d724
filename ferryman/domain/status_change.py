"""Status changes: what a step makes known of Freight and Stages, with its own end or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class MetadataUpdate:
    """Keys to set in the `status.metadata` of a Freight or a Stage; the others stay."""

    kind: Literal["Stage", "Freight"]
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AliasUpdate:
    """Another alias for a Freight."""

    freight: str
    """Its name, or its alias until now."""
    alias: str


StatusChange = MetadataUpdate | AliasUpdate
