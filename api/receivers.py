"""Receivers of webhooks, with their addresses: for those who may read the config only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from api.context import Context
from api.shapes.webhooks import Webhook, WebhookDelivery
from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.project import ProjectConfig
from ferryman.domain.resource import Condition, Metadata, with_condition
from ferryman.domain.webhooks.receivers import ReceiverStatus
from ferryman.settings import Settings
from ferryman.storage.receivers import ReceiverAt

C = TypeVar("C", ProjectConfig, ClusterConfig)


async def with_addresses(context: Context, config: C) -> C:
    """The config, its status saying where its receivers listen, or why some do not."""
    project = context.settings.webhooks.secrets_project
    receivers = await context.store.receivers.of(config, secrets_project=project)
    if not receivers:
        return config
    listening = tuple(
        ReceiverStatus(name=r.declared.name, path=r.path, url=_url(context.settings, r))
        for r in receivers
        if r.path
    )
    ready = _ready(receivers, config.metadata.generation)
    conditions = with_condition(config.status.conditions, ready)
    update = {"webhook_receivers": listening, "conditions": conditions}
    return config.model_copy(update={"status": config.status.model_copy(update=update)})


async def webhooks(context: Context, project: str) -> Sequence[Webhook]:
    """The receivers of a Project, or for "" those of the ClusterConfig, with their deliveries."""
    secrets_project = context.settings.webhooks.secrets_project
    found = await context.store.receivers.of_project(project, secrets_project=secrets_project)
    return [
        Webhook(
            metadata=Metadata(name=receiver.declared.name, namespace=project),
            type=receiver.declared.type,
            path=receiver.path,
            url=_url(context.settings, receiver),
            trouble=receiver.trouble,
            deliveries=tuple(await context.store.webhooks.list(project, receiver.declared.name)),
        )
        for receiver in found
    ]


def deliveries(webhook: Webhook) -> list[WebhookDelivery]:
    """What a receiver got, newest first."""
    metadata = webhook.metadata
    return [
        WebhookDelivery(metadata=metadata, **delivery.model_dump())
        for delivery in webhook.deliveries
    ]


def _url(settings: Settings, receiver: ReceiverAt) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = settings.webhooks.public_url or f"http://{host}:{settings.port}"
    return base.rstrip("/") + receiver.path if receiver.path else ""


def _ready(receivers: Sequence[ReceiverAt], generation: int) -> Condition:
    troubles = "; ".join(
        f"webhook receiver {r.declared.name}: {r.trouble}" for r in receivers if r.trouble
    )
    return Condition(
        type="Ready",
        status="False" if troubles else "True",
        reason="SecretMissing" if troubles else "ReceiversListen",
        message=troubles,
        observed_generation=generation,
    )
