"""What every declared thing has: group and kind, metadata, conditions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from ferryman.domain.model import Model

KARGO: Final = "kargo.akuity.io/v1alpha1"
OURS: Final = "ferryman.dev/v1alpha1"
CORE: Final = "v1"


class Metadata(Model):
    """Kubernetes' object metadata, as far as it has a meaning here; `namespace` is the Project."""

    name: str
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    """Counts the changes of the spec, from 1."""
    resource_version: str = ""
    """Changes with every write; an apply that carries an old one is refused."""
    creation_timestamp: datetime | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)


class Condition(Model):
    """One observation about a resource (Kubernetes' `metav1.Condition`)."""

    type: str
    status: Literal["True", "False", "Unknown"]
    reason: str
    message: str = ""
    last_transition_time: datetime | None = None
    observed_generation: int = 0


class Resource(Model):
    """A declared thing; kinds narrow `spec` and `status`."""

    api_version: str
    kind: str
    metadata: Metadata

    @property
    def name(self) -> str:
        """Its name, unique among its kind within its Project."""
        return self.metadata.name

    @property
    def project(self) -> str:
        """The Project it belongs to; "" for cluster-scoped kinds."""
        return self.metadata.namespace


class Opaque(Resource):
    """A kind that is kept as it was written, because nothing acts on it yet."""

    spec: Any = None
    status: dict[str, Any] = Field(default_factory=dict)


def with_condition(conditions: tuple[Condition, ...], new: Condition) -> tuple[Condition, ...]:
    """`conditions` with `new` instead of its type's; an unchanged status keeps its time."""
    old = next((c for c in conditions if c.type == new.type), None)
    if old and old.status == new.status and old.last_transition_time:
        new = new.model_copy(update={"last_transition_time": old.last_transition_time})
    others = tuple(c for c in conditions if c.type != new.type)
    return tuple(sorted((*others, new), key=lambda c: c.type))
