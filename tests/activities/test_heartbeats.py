"""Heartbeats: who works beats at each turn, and who has no room yet at each fourth."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.heartbeats import Beating
from activities.slots import Slots

_TURN = 0.05


class _Body(ActivityInboundInterceptor):
    """The activity itself."""

    def __init__(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._run = run

    async def execute_activity(self, _input: ExecuteActivityInput) -> None:
        await self._run()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of a twentieth of a second."""
    monkeypatch.setattr("activities.heartbeats._EVERY_SECONDS", _TURN)


async def test_who_has_no_room_beats_more_seldom() -> None:
    """Two beats while it waits take eight turns; it beats as usual once it has its slot."""
    beats, slots = asyncio.Queue[float](), Slots(1)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: beats.put_nowait(time.monotonic())

    async def second_beat() -> float:
        await beats.get()
        return await beats.get()

    async def body() -> None:
        async with slots:
            await second_beat()

    inbound = Beating().intercept_activity(_Body(body))
    given = ExecuteActivityInput(fn=body, args=(), executor=None, headers={})
    async with asyncio.timeout(20), asyncio.TaskGroup() as running, slots:
        began = time.monotonic()
        running.create_task(environment.run(inbound.execute_activity, given))
        assert await second_beat() - began >= 8 * _TURN
