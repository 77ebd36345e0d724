"""Sweeping: starts what should run and does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from temporalio import activity

from ferryman.domain.durations import parse_duration
from ferryman.domain.errors import FerrymanError
from ferryman.domain.plan import Moment, SweepOutcome
from ferryman.domain.ports import Wakers
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.store import Store

_log = structlog.get_logger()
_UNTOUCHED = timedelta(seconds=45)
"""A Promotion that nobody has looked at for this long may have lost its workflow, or a nudge."""


@dataclass(frozen=True)
class Sweeping:
    """Finds due work in SQL, and wakes it.

    What is not due is let sleep: a nudge would lengthen its history with every sweep.
    """

    store: Store
    wakers: Wakers
    minimum_interval: timedelta
    shared_projects: Sequence[str] = ()
    """Whose Secrets are for all."""

    @activity.defn(name="sweep")
    async def sweep(self, moment: Moment) -> SweepOutcome:
        """Wake Promotions that stand still, Stages that would act, Warehouses that are overdue."""
        return SweepOutcome(
            promotions=await self._promotions(moment.now),
            stages=await self._stages(moment.now),
            warehouses=await self._warehouses(moment.now),
        )

    async def _promotions(self, now: datetime) -> int:
        standing = await self.store.promotions.unfinished(untouched_since=now - _UNTOUCHED)
        well = []
        for project, name in standing:
            if await self._stands_still(project, name, now):
                await self.wakers.promotion(project, name)
            else:
                well.append((project, name))
        await self.store.promotions.looked_at(well, now=now)
        return len(standing) - len(well)

    async def _stands_still(self, project: str, name: str, now: datetime) -> bool:
        """Did it miss something, or is nobody there to do what SQL says is being done?"""
        secrets_of = {project, *self.shared_projects}
        state = await self.store.dues.state(project, name, now=now, secrets_of=secrets_of)
        if state in {"due", "gone"}:
            return state == "due"
        presence = await self.wakers.presence_of_promotion(project, name)
        return presence == "absent" or (presence == "idle" and state == "working")

    async def _stages(self, now: datetime) -> int:
        woken = 0
        for stage in await self.store.resources.everywhere(Stage):
            try:
                woken += await self._stage(stage, now)
            except FerrymanError as error:  # one bad Stage must not keep the others asleep
                await _log.awarning(
                    "stage_not_swept", project=stage.project, stage=stage.name, error=str(error)
                )
        return woken

    async def _stage(self, stage: Stage, now: datetime) -> bool:
        decided = await self.store.lanes.decide(stage.project, stage.name, now=now)
        for promotion in decided.promotions:
            await self.wakers.promotion(stage.project, promotion)
        for name in decided.stages:
            await self.wakers.stage(stage.project, name)
        if decided.wake_at and await self._no_lane(stage):
            await self.wakers.stage(stage.project, stage.name)
        return bool(decided.promotions or decided.stages)

    async def _no_lane(self, stage: Stage) -> bool:
        """A lane with a time to wait for must be there to wait."""
        return await self.wakers.presence_of_stage(stage.project, stage.name) == "absent"

    async def _warehouses(self, now: datetime) -> int:
        overdue = 0
        for warehouse in await self.store.resources.everywhere(Warehouse):
            every = max(parse_duration(warehouse.spec.interval), self.minimum_interval)
            if _is_overdue(warehouse, every, now):
                overdue += 1
                seconds = every.total_seconds()
                await self.wakers.watch(warehouse.project, warehouse.name, seconds)
                await self.wakers.warehouse(warehouse.project, warehouse.name, asked=False)
        return overdue


def _is_overdue(warehouse: Warehouse, every: timedelta, now: datetime) -> bool:
    """Was the newest spec never discovered, or two intervals ago, or may a failed look go again?"""
    status = warehouse.status
    if status.observed_generation != warehouse.metadata.generation:
        return True
    last = status.discovered_artifacts.discovered_at if status.discovered_artifacts else None
    again = [s.next_attempt_at for s in status.subscriptions if s.next_attempt_at]
    return last is None or now - last > 2 * every or any(at <= now for at in again)
