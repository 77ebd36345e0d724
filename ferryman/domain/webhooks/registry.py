"""The types of receivers: where each finds its secret, and who reads its deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ferryman.domain.webhooks.delivery import Delivery, Reading
from ferryman.domain.webhooks.providers import (
    artifactory,
    azure,
    bitbucket,
    dockerhub,
    gitea,
    github,
    gitlab,
    harbor,
    quay,
)
from ferryman.domain.webhooks.receivers import WebhookReceiver

Read = Callable[[Delivery, str, WebhookReceiver], Reading]
"""Takes the secret, too; raises RefusedDeliveryError."""


@dataclass(frozen=True)
class Provider:
    """One type."""

    secret_key: str = "secret"  # noqa: S105 - the key's name
    read: Read | None = None
    """None for generic receivers, whose actions say what a delivery means."""
    event_header: str = ""
    delivery_header: str = ""
    """Where the sender says what it is about, and how it calls this delivery."""


PROVIDERS = {
    "github": Provider(
        read=github.read, event_header="X-GitHub-Event", delivery_header="X-GitHub-Delivery"
    ),
    "gitlab": Provider("secret-token", gitlab.read, "X-Gitlab-Event", "X-Gitlab-Event-UUID"),
    "gitea": Provider(
        read=gitea.read, event_header="X-Gitea-Event", delivery_header="X-Gitea-Delivery"
    ),
    "bitbucket": Provider(
        read=bitbucket.read, event_header="X-Event-Key", delivery_header="X-Request-UUID"
    ),
    "azure": Provider(read=azure.read),
    "dockerhub": Provider(read=dockerhub.read),
    "quay": Provider(read=quay.read),
    "harbor": Provider("auth-header", harbor.read),
    "artifactory": Provider("secret-token", artifactory.read),
    "generic": Provider(),
}
