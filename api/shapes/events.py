"""Events as Kubernetes has them (`core/v1`), the actor in Kargo's annotation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from ferryman.domain.event import Event
from ferryman.domain.model import Model
from ferryman.domain.resource import CORE, Metadata

ACTOR = "event.kargo.akuity.io/actor"


class Involved(Model):
    """What an event is about."""

    kind: str
    name: str
    namespace: str = ""


class EventSource(Model):
    """Who reports it."""

    component: str


class EventShape(Model):
    """One event."""

    api_version: str = CORE
    kind: Literal["Event"] = "Event"
    metadata: Metadata
    involved_object: Involved
    type: str
    reason: str
    message: str
    event_time: datetime
    first_timestamp: datetime
    last_timestamp: datetime
    count: int = 1
    source: EventSource
    reporting_component: str

    @classmethod
    def of(cls, event: Event) -> Self:
        """The event in that shape; its name is the object's and the microsecond."""
        microseconds = int(event.at.timestamp() * 1_000_000)
        return cls(
            metadata=Metadata(
                name=f"{event.name}.{microseconds:x}",
                namespace=event.project,
                creation_timestamp=event.at,
                annotations={ACTOR: event.actor},
            ),
            involved_object=Involved(kind=event.kind, name=event.name, namespace=event.project),
            type=event.type,
            reason=event.reason,
            message=event.message,
            event_time=event.at,
            first_timestamp=event.at,
            last_timestamp=event.at,
            source=EventSource(component=event.actor),
            reporting_component=event.actor,
        )
