"""Quay: pushes; no signatures, and nothing that tells images from charts."""

from __future__ import annotations

from ferryman.domain.webhooks.delivery import Delivery, Reading
from ferryman.domain.webhooks.hits import ArtifactPushed, oci_sources
from ferryman.domain.webhooks.payloads import Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver


class Push(Payload):
    """`repo_push`, the one event that there is."""

    docker_url: str
    updated_tags: tuple[str, ...] = ()


def read(delivery: Delivery, _secret: str, _receiver: WebhookReceiver) -> Reading:
    """Who knows the address may send."""
    push = parse(Push, delivery)
    return Reading((ArtifactPushed(oci_sources(push.docker_url), push.updated_tags),))
