"""StepRunner: one attempt at one step, from its claim to its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from temporalio import activity

from activities.attempt import Attempt
from activities.grants import Grants
from activities.heartbeats import beating
from activities.scene import Scene
from ferryman.domain.errors import TemporaryError
from ferryman.domain.plan import StepCall, StepReturn
from ferryman.domain.step import StepStatus

_AGAIN_SECONDS = 1.0
"""After which a step is tried again whose worker stops."""


@dataclass(frozen=True)
class StepRunner(Grants):
    """Runs steps with what this worker grants them."""

    async def run(self, call: StepCall, uses: str) -> StepReturn:
        """One attempt; raises FencedError when a newer one has the step."""
        try:
            # The slot is taken inside, while beating: to the server the queue then never looks
            # dead because its worker is busy.
            async with beating(), self.slots:
                return await self._attempted(call, uses)
        except TemporaryError as error:  # only SQL's: without it, nothing can be recorded
            return _again(str(error), error.delay.total_seconds())
        except asyncio.CancelledError:
            if not _worker_stops():
                raise
            # To the workflow a cancelled step is an aborted one.
            return _again("its worker was stopped", _AGAIN_SECONDS)

    async def _attempted(self, call: StepCall, uses: str) -> StepReturn:
        scene = await self._claimed(call, uses)
        if scene.record.execution.status is not StepStatus.RUNNING:
            return _as_recorded(scene)
        return await Attempt(self, scene).run()

    async def _claimed(self, call: StepCall, uses: str) -> Scene:
        promotion = await self.store.promotions.get(call.project, call.promotion)
        position = int(call.path) - 1
        step = promotion.spec.steps[position]
        scene = Scene(call, promotion, position, step, self.kinds.get(uses))
        records = await self.store.steps.claim(
            scene.key, scene.facts, worker=self.worker, now=call.now
        )
        return replace(scene, records=records)


def _worker_stops() -> bool:
    details = activity.cancellation_details()
    return bool(details and details.worker_shutdown and not details.cancel_requested)


def _again(message: str, seconds: float) -> StepReturn:
    """The attempt left no trace; the workflow makes another."""
    return StepReturn(
        status=StepStatus.RUNNING,
        message=message,
        waiting_for=message,
        terminal=False,
        retry_after_seconds=seconds,
    )


def _as_recorded(scene: Scene) -> StepReturn:
    """The outcome of an attempt whose answer was lost on its way to the workflow."""
    execution = scene.record.execution
    return StepReturn(
        status=execution.status or StepStatus.ERRORED,
        message=execution.message,
        error=execution.status is StepStatus.ERRORED,
    )
