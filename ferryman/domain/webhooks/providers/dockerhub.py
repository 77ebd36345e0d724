"""Docker Hub: pushes; no signatures."""

from __future__ import annotations

from ferryman.domain.webhooks.delivery import Delivery, Reading
from ferryman.domain.webhooks.hits import ArtifactPushed, oci_sources
from ferryman.domain.webhooks.payloads import Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver


class PushData(Payload):
    """What was pushed."""

    tag: str = ""
    media_type: str = ""


class Repository(Payload):
    """Where it was pushed, without Docker Hub's host."""

    repo_name: str


class Push(Payload):
    """The one event that there is."""

    push_data: PushData = PushData()
    repository: Repository


def read(delivery: Delivery, _secret: str, _receiver: WebhookReceiver) -> Reading:
    """Who knows the address may send."""
    push = parse(Push, delivery)
    sources = oci_sources(push.repository.repo_name, push.push_data.media_type)
    tag = push.push_data.tag
    return Reading((ArtifactPushed(sources, (tag,) if tag else ()),))
