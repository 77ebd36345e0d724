"""Artifactory: Docker and OCI artifacts that were pushed."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from ferryman.domain.webhooks.delivery import (
    Delivery,
    Reading,
    malformed,
    unauthorised,
    unsupported,
)
from ferryman.domain.webhooks.hits import ArtifactPushed, Source, oci_sources
from ferryman.domain.webhooks.payloads import Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_signed

_AFTER_REPOSITORY = 2
"""A path ends in the tag and `manifest.json`."""
_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"


class Data(Payload):
    """What was pushed."""

    repo_key: str = ""
    path: str = ""
    image_type: str = ""
    tag: str = ""


class Event(Payload):
    """Any event."""

    domain: str = ""
    event_type: str = ""
    data: Data = Data()
    jpd_origin: str = ""


def read(delivery: Delivery, secret: str, receiver: WebhookReceiver) -> Reading:
    """The signature comes before the body."""
    given = delivery.header("x-jfrog-event-auth")
    if not is_signed(delivery.body, secret, given, prefix=""):
        raise unauthorised()
    event = parse(Event, delivery)
    what = f"{event.domain}/{event.event_type}"
    if what != "docker/pushed":
        raise unsupported("event", what, HTTPStatus.NOT_IMPLEMENTED)
    if event.data.image_type not in {"docker", "oci"}:
        raise unsupported("image type", event.data.image_type, HTTPStatus.NOT_IMPLEMENTED)
    virtual = receiver.artifactory.virtual_repo_name if receiver.artifactory else ""
    tag = event.data.tag
    return Reading((ArtifactPushed(_sources(event, virtual), (tag,) if tag else ()),))


def _sources(event: Event, virtual: str) -> frozenset[Source]:
    parts = event.data.path.split("/")
    try:
        host = urlsplit(event.jpd_origin).netloc
    except ValueError:
        raise malformed() from None
    if len(parts) < _AFTER_REPOSITORY or not host:
        raise malformed()
    name = "/".join((host, virtual or event.data.repo_key, *parts[:-_AFTER_REPOSITORY]))
    return oci_sources(name, _IMAGE if event.data.image_type == "docker" else "")
