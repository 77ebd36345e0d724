"""Homecoming: a worker that was killed and is back gives up what it had under way.

Nobody waits then for a heartbeat that cannot come any more: the same steps run again at once, on
the trees that are still on its disk.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog
from temporalio.service import RPCError

from ferryman.domain.errors import FerrymanError
from ferryman.storage.promotions import Promotions
from starter.lost import Lost
from worker.identity import earlier_process

_AT_ONCE = 16
_log = structlog.get_logger()


@dataclass(frozen=True)
class Homecoming:
    """Looks after what earlier processes of the same worker have left."""

    promotions: Promotions
    lost: Lost
    worker: str
    identity: str
    """Of this process."""

    async def run(self) -> int:
        """Give up all of it; says how many activities that were. What fails, heartbeats tell."""
        free = asyncio.Semaphore(_AT_ONCE)
        mine = partial(earlier_process, worker=self.worker, now=self.identity)

        async def give_up(project: str, name: str) -> int:
            async with free:
                return await self.lost.give_up(project, name, mine)

        try:
            found = await self.promotions.running()
            given_up = sum(await asyncio.gather(*(give_up(*each) for each in found)))
        except (FerrymanError, RPCError) as error:
            await _log.awarning("homecoming_failed", error=str(error))
            return 0
        if given_up:
            await _log.ainfo("homecoming", given_up=given_up)
        return given_up
