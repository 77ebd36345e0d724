"""Webhook receivers as people see them (ours): where each listens, and what it got."""

from __future__ import annotations

from typing import Literal

from api.shapes.lists import ResourceList
from ferryman.domain.model import Model
from ferryman.domain.resource import OURS, Metadata
from ferryman.storage.webhooks import DeliveryRecord


class Webhook(Model):
    """A receiver; whoever reads this may send to it."""

    api_version: str = OURS
    kind: Literal["Webhook"] = "Webhook"
    metadata: Metadata
    """Without a namespace, it is the ClusterConfig's, and for every Project."""
    type: str
    path: str = ""
    url: str = ""
    trouble: str = ""
    """Why it listens nowhere."""
    deliveries: tuple[DeliveryRecord, ...] = ()
    """The last ones, newest first."""


class WebhookDelivery(DeliveryRecord):
    """A delivery; it is called like the receiver that got it."""

    api_version: str = OURS
    kind: Literal["WebhookDelivery"] = "WebhookDelivery"
    metadata: Metadata


class WebhookList(ResourceList):
    """Webhook receivers, in the order of their config."""

    api_version: str = OURS
    items: tuple[Webhook, ...]


class WebhookDeliveryList(ResourceList):
    """Deliveries, oldest first."""

    api_version: str = OURS
    items: tuple[WebhookDelivery, ...]
