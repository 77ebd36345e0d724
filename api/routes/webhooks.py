"""Webhooks: where senders tell of something new, and where people see what came of it."""

from __future__ import annotations

import math
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.answers import answer, listed
from api.authorisation import Target, authorise
from api.context import Context, InContext
from api.dependencies import allowed
from api.problems import problem
from api.receivers import deliveries, webhooks
from api.receiving import Received, receive, record
from api.shapes.webhooks import Webhook, WebhookDeliveryList, WebhookList
from api.waking import Waking
from ferryman.domain.actor import Actor
from ferryman.domain.cluster_config import CLUSTER_CONFIG
from ferryman.domain.errors import DeniedError, NotFoundError
from ferryman.domain.webhooks.address import BASE, path
from ferryman.domain.webhooks.delivery import Delivery
from ferryman.storage.receivers import ReceiverAt

router = APIRouter(tags=["Webhooks"])
_OF_PROJECT = "/v1beta1/projects/{project}/webhooks"


@router.post(BASE + "/{kind}/{digest}", include_in_schema=False)
async def deliver(
    kind: str, digest: str, request: Request, context: InContext, wakes: Waking
) -> Response:
    """Take a delivery; needs no token, since the address is one."""
    at = await context.store.receivers.find(
        path(kind, digest), secrets_project=context.settings.webhooks.secrets_project
    )
    if at is None:
        raise NotFoundError(
            "no webhook receiver listens at this address; it changes with the receiver's "
            "Secret: `ferryman get webhooks` shows the one of today"
        )
    wait = context.webhook_pace.wait(f"{at.project}/{at.declared.name}", context.now())
    if wait:
        later = {"Retry-After": str(math.ceil(wait.total_seconds()))}
        return problem(429, "too many deliveries: send fewer, or later", headers=later)
    received = await receive(context, wakes, at, await _delivery(request, context, at))
    if received.status == HTTPStatus.OK:
        return JSONResponse({"msg": received.message})
    return problem(received.status, received.message)


@router.get(_OF_PROJECT, operation_id="ListWebhooks", response_model=WebhookList)
async def list_webhooks(
    project: str,
    context: InContext,
    actor: Annotated[Actor, allowed("get", "projectconfigs", "project")],
) -> Response:
    """List the webhook receivers of a Project, then those of all, each with its last deliveries."""
    return listed(WebhookList, await _webhooks(context, actor, project))


@router.get(_OF_PROJECT + "/{webhook}", operation_id="GetWebhook", response_model=Webhook)
async def get_webhook(
    project: str,
    webhook: str,
    context: InContext,
    actor: Annotated[Actor, allowed("get", "projectconfigs", "project")],
) -> Response:
    """Return one webhook receiver with its last deliveries."""
    for found in await _webhooks(context, actor, project):
        if found.metadata.name == webhook:
            return answer(found)
    raise NotFoundError(f"webhook receiver {webhook} does not exist in project {project}")


@router.get(
    "/v1beta1/projects/{project}/webhook-deliveries",
    operation_id="ListWebhookDeliveries",
    response_model=WebhookDeliveryList,
)
async def list_deliveries(
    project: str,
    context: InContext,
    actor: Annotated[Actor, allowed("get", "projectconfigs", "project")],
    name: Annotated[str, Query(description="Only those of this receiver.")] = "",
) -> Response:
    """List the last deliveries of each webhook receiver, oldest first."""
    found = [
        delivery
        for webhook in await _webhooks(context, actor, project)
        if name in {"", webhook.metadata.name}
        for delivery in deliveries(webhook)
    ]
    found.sort(key=lambda delivery: delivery.at)
    return listed(WebhookDeliveryList, found)


async def _webhooks(context: Context, actor: Actor, project: str) -> list[Webhook]:
    found = [*await webhooks(context, project)]
    with suppress(DeniedError):
        authorise(actor, "get", Target("clusterconfigs", "", CLUSTER_CONFIG))
        found += await webhooks(context, "")
    return found


async def _delivery(request: Request, context: Context, at: ReceiverAt) -> Delivery:
    headers = {name.lower(): request.headers.getlist(name) for name in set(request.headers)}
    try:
        return Delivery(headers, await request.body())
    except HTTPException as too_large:
        received = Received(HTTPStatus(too_large.status_code), str(too_large.detail))
        await record(context, at, Delivery(headers, b""), received)
        raise
