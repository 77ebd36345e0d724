"""Deliveries as their senders make them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from ferryman.domain.webhooks.delivery import Delivery, Reading
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.registry import PROVIDERS

SECRET = "between-us"


def delivery(body: Any, **headers: str) -> Delivery:
    """A delivery; `X_GitHub_Event` is a header's name."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery({k.replace("_", "-").lower(): [v] for k, v in headers.items()}, content)


def hexdigest(body: Any) -> str:
    """The HMAC of a body under the secret."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()


def read(kind: str, sent: Delivery, **config: Any) -> Reading:
    """What a receiver of that type reads."""
    reader = PROVIDERS[kind].read
    assert reader
    declared = {"name": "r", kind: {"secretRef": {"name": "s"}, **config}}
    return reader(sent, SECRET, WebhookReceiver.load(declared))


def github(event: str, body: Any, **headers: str) -> Reading:
    """A signed event of GitHub's."""
    signature = f"sha256={hexdigest(body)}"
    given = {"X_GitHub_Event": event, "X_Hub_Signature_256": signature, **headers}
    return read("github", delivery(body, **given))


def gitlab(event: str, body: Mapping[str, Any]) -> Reading:
    """An event of GitLab's, with its token."""
    return read("gitlab", delivery(body, X_Gitlab_Event=event, X_Gitlab_Token=SECRET))


def gitea(event: str, body: Mapping[str, Any]) -> Reading:
    """A signed event of Gitea's."""
    signature = f"sha256={hexdigest(body)}"
    return read("gitea", delivery(body, X_Gitea_Event=event, X_Hub_Signature_256=signature))


def bitbucket(event: str, body: Mapping[str, Any]) -> Reading:
    """A signed event of Bitbucket's."""
    signature = f"sha256={hexdigest(body)}"
    return read("bitbucket", delivery(body, X_Event_Key=event, X_Hub_Signature=signature))


def artifactory(body: Mapping[str, Any], **config: Any) -> Reading:
    """A signed event of Artifactory's."""
    return read("artifactory", delivery(body, X_JFrog_Event_Auth=hexdigest(body)), **config)


def azure(agent: str, body: Mapping[str, Any]) -> Reading:
    """An event of Azure's."""
    return read("azure", delivery(body, User_Agent=agent))
