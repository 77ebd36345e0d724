"""Slots: so many steps run at once, and one that only waits makes room."""

from __future__ import annotations

import asyncio

from activities.slots import Slots


async def test_one_that_lets_go_makes_room() -> None:
    """The next step starts while the first still waits; its slot is given back once only."""
    slots, order, end = Slots(1), list[str](), asyncio.Event()

    async def pushes() -> None:
        async with slots:
            order.append("pushes")
            slots.let_go()
            slots.let_go()
            await end.wait()

    async def works(name: str) -> None:
        async with slots:
            order.append(name)
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    waiting = asyncio.create_task(pushes())
    await asyncio.gather(works("first"), works("second"))
    assert order == ["pushes", "first", "first ends", "second", "second ends"]
    end.set()
    await waiting
    await works("third")
