"""Deliveries of webhooks: what is kept of them."""

from __future__ import annotations

import asyncio

from ferryman.storage.webhooks import KEPT, DeliveryRecord
from tests.crew import Crew
from tests.pipelines import NOW
from tests.post_office import project


def _record(number: int = 0, **fields: str) -> DeliveryRecord:
    return DeliveryRecord(at=NOW, status=200, message=f"number {number}", **fields)


async def test_the_newest_of_each_receiver_are_kept(crew: Crew) -> None:
    """However many come, and whatever other receivers get."""
    webhooks = crew.store.webhooks
    await webhooks.record("shop", "quiet", _record())
    for number in range(KEPT + 5):
        await webhooks.record("shop", "busy", _record(number))
    kept = await webhooks.list("shop", "busy")
    assert [record.message for record in kept] == [f"number {n}" for n in range(KEPT + 4, 4, -1)]
    assert len(await webhooks.list("shop", "quiet")) == 1


async def test_a_delivery_that_comes_again_says_so(crew: Crew) -> None:
    """By what its sender calls it, at the same receiver; one without a name is always new."""
    webhooks = crew.store.webhooks
    for receiver, name in (("a", "x"), ("a", "x"), ("b", "x"), ("a", "y"), ("a", ""), ("a", "")):
        await webhooks.record("shop", receiver, _record(delivery=name))
    kept = await webhooks.list("shop", "a")
    assert [record.repeated for record in kept] == [False, False, False, True, False]


async def test_what_senders_call_things_is_made_fit(crew: Crew) -> None:
    """Headers may be long, and hold signs that a database refuses."""
    name = "a\0b\x1b" + "c" * 1000
    await crew.store.webhooks.record("shop", "a", _record(delivery=name, event=name))
    (kept,) = await crew.store.webhooks.list("shop", "a")
    assert kept.delivery == kept.event == "ab" + "c" * 126


async def test_deliveries_may_come_together(crew: Crew) -> None:
    """None is lost as long as there is room."""
    records = (crew.store.webhooks.record("shop", "a", _record(n)) for n in range(20))
    await asyncio.gather(*records)
    assert len(await crew.store.webhooks.list("shop", "a")) == 20


async def test_deliveries_go_with_their_project(crew: Crew) -> None:
    """A Project of the same name begins anew."""
    await crew.declare(project())
    await crew.store.webhooks.record("shop", "a", _record())
    await crew.delete("Project", "shop")
    assert await crew.store.webhooks.list("shop", "a") == []
