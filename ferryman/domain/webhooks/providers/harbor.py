"""Harbor: pushes, in its default format."""

from __future__ import annotations

from ferryman.domain.webhooks.delivery import Delivery, Reading, unauthorised, unsupported
from ferryman.domain.webhooks.hits import ArtifactPushed, oci_sources
from ferryman.domain.webhooks.payloads import Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_same


class Resource(Payload):
    """An artifact; nothing tells images from charts."""

    resource_url: str = ""
    tag: str = ""


class EventData(Payload):
    """What was pushed."""

    resources: tuple[Resource, ...] = ()


class Event(Payload):
    """Any event."""

    type: str = ""
    event_data: EventData = EventData()


def read(delivery: Delivery, secret: str, _receiver: WebhookReceiver) -> Reading:
    """The header comes before the body; it is compared as it is, without a scheme."""
    if not is_same(secret, delivery.header("authorization")):
        raise unauthorised()
    event = parse(Event, delivery)
    if event.type != "PUSH_ARTIFACT":
        raise unsupported("event", event.type)
    return Reading(
        tuple(
            ArtifactPushed(oci_sources(pushed.resource_url), (pushed.tag,) if pushed.tag else ())
            for pushed in event.event_data.resources
        )
    )
