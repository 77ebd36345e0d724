"""Receiving: one delivery of a webhook, from its bytes to the Warehouses that it wakes."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from api.context import Context
from api.waking import Wakes
from ferryman.domain.webhooks.delivery import Delivery, RefusedDeliveryError, malformed
from ferryman.domain.webhooks.hits import PullRequestEnded
from ferryman.domain.webhooks.registry import PROVIDERS, Read
from ferryman.domain.webhooks.selecting import select
from ferryman.storage.receivers import ReceiverAt
from ferryman.storage.subscriptions import WarehouseAt
from ferryman.storage.webhooks import DeliveryRecord

_MOST_SOURCES = 500
"""Repositories that one delivery may name."""


@dataclass(frozen=True)
class Received:
    """What became of a delivery: what the sender is told, and what else people may read."""

    status: HTTPStatus
    message: str
    woken: Sequence[WarehouseAt] = ()
    details: str = ""


async def receive(context: Context, wakes: Wakes, at: ReceiverAt, delivery: Delivery) -> Received:
    """Wake whom the delivery concerns; it is recorded, whatever becomes of it."""
    read = PROVIDERS[at.declared.type].read
    try:
        if read:
            received = await _read(context, read, at, delivery)
        else:
            received = await _select(context, at, delivery)
    except RefusedDeliveryError as refused:
        received = Received(refused.status, str(refused))
    for warehouse in received.woken:
        wakes.warehouse(warehouse.project, warehouse.name)
    await record(context, at, delivery, received)
    return received


async def record(context: Context, at: ReceiverAt, delivery: Delivery, received: Received) -> None:
    """Remember it, for `ferryman get webhooks`."""
    provider = PROVIDERS[at.declared.type]
    kept = DeliveryRecord(
        at=context.now(),
        delivery=delivery.header(provider.delivery_header),
        event=delivery.header(provider.event_header),
        status=received.status,
        message="\n".join(filter(None, (received.message, received.details))),
        woken=len(received.woken),
    )
    await context.store.webhooks.record(at.project, at.declared.name, kept)


async def _read(context: Context, read: Read, at: ReceiverAt, delivery: Delivery) -> Received:
    # A body of 2 MB takes its time, and the process answers others meanwhile.
    reading = await to_thread(read, delivery, at.secret, at.declared)
    if len({source for hit in reading.hits for source in hit.sources}) > _MOST_SOURCES:
        raise malformed()
    woken = await context.store.subscriptions.concerned(at.project, reading.hits)
    ended = [hit.url for hit in reading.hits if isinstance(hit, PullRequestEnded)]
    details = "".join(f"the pull request {url} ended, which nothing waits for" for url in ended)
    return Received(HTTPStatus.OK, reading.note or _refreshed(woken), woken, details)


async def _select(context: Context, at: ReceiverAt, delivery: Delivery) -> Received:
    if at.declared.generic is None:
        raise TypeError(f"receivers of type {at.declared.type} have no provider")
    selection = await to_thread(select, at.declared.generic, delivery)
    woken = await context.store.subscriptions.selected(at.project, selection)
    if not selection.failures:
        return Received(HTTPStatus.OK, _refreshed(woken), woken)
    failed = f"{len(selection.failures)} of its actions could not be evaluated"
    message = f"{_refreshed(woken)}; {failed}: the receiver's deliveries say why"
    return Received(HTTPStatus.BAD_REQUEST, message, woken, "\n".join(selection.failures))


def _refreshed(woken: Sequence[WarehouseAt]) -> str:
    return f"refreshed {len(woken)} warehouse(s)"
