"""Wakes: what to nudge once a request is answered.

SQL is the truth and the Sweep finds due work, so a nudge that fails costs time only: it is
logged, and the request has succeeded all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

import structlog
from fastapi import BackgroundTasks, Depends

from api.context import InContext
from ferryman.domain.ports import Nudges

_log = structlog.get_logger(__name__)
_AT_ONCE = 16
"""Starting hundreds of workflows at the same time only makes each of them slow."""

Nudge = Callable[[], Awaitable[None]]


class Wakes:
    """Collects nudges, each once, and sends them together."""

    def __init__(self, nudges: Nudges) -> None:
        self._nudges = nudges
        self._pending: dict[tuple[str, str, str], Nudge] = {}

    def stage(self, project: str, name: str) -> None:
        """Let the Stage's lane look again."""
        self._pending["stage", project, name] = partial(self._nudges.stage, project, name)

    def promotion(self, project: str, name: str) -> None:
        """Let the Promotion look again, or begin."""
        self._pending["promotion", project, name] = partial(self._nudges.promotion, project, name)

    def warehouse(self, project: str, name: str) -> None:
        """Discover now."""
        self._pending["warehouse", project, name] = partial(self._nudges.warehouse, project, name)

    def watch(self, project: str, name: str, every: float) -> None:
        """Discover every `every` seconds."""
        nudge = partial(self._nudges.watch, project, name, every)
        self._pending["watch", project, name] = nudge

    def forget(self, project: str, name: str) -> None:
        """Stop watching a Warehouse."""
        self._pending["forget", project, name] = partial(self._nudges.forget, project, name)

    async def send(self) -> None:
        """Send what was collected."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def sent(what: tuple[str, str, str], nudge: Nudge) -> None:
            async with gate:
                try:
                    await nudge()
                except Exception as error:  # noqa: BLE001 - whatever it is, the sweep mends it
                    kind, project, name = what
                    _log.warning(
                        "a nudge failed; the sweep will find the work",
                        nudge=kind,
                        project=project,
                        name=name,
                        error=str(error),
                    )

        await asyncio.gather(*(sent(what, nudge) for what, nudge in self._pending.items()))


async def _wakes(context: InContext, tasks: BackgroundTasks) -> Wakes:
    wakes = Wakes(context.nudges)
    tasks.add_task(wakes.send)
    return wakes


Waking = Annotated[Wakes, Depends(_wakes)]
"""A route's parameter that collects nudges; they are sent after the answer."""
