"""Secrets as people may see them: the values stand masked under `stringData`, as Kargo does it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ferryman.domain.model import Model
from ferryman.domain.resource import CORE, Metadata


class SecretShape(Model):
    """A Secret without its values."""

    api_version: str = CORE
    kind: Literal["Secret"] = "Secret"
    metadata: Metadata
    type: str = "Opaque"
    string_data: dict[str, str] = Field(default_factory=dict)
