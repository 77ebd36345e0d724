"""StepRunner: one attempt at one step, from its claim to its answer."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace

from temporalio import activity

from activities.attempt import Attempt
from activities.grants import Grants
from activities.polls import looking_again
from activities.scene import Scene
from ferryman.domain.errors import FencedError, TemporaryError
from ferryman.domain.placement import find, keys_of
from ferryman.domain.plan import StepCall, StepReturn
from ferryman.domain.step import StepStatus

_AGAIN_SECONDS = 1.0
"""After which a step is tried again whose worker stops."""


@dataclass(frozen=True)
class StepRunner(Grants):
    """Runs steps with what this worker grants them."""

    async def run(self, call: StepCall, uses: str) -> StepReturn:
        """One attempt; raises FencedError when a newer one has the step.

        One that `polls` waits by being retried by Temporal, which is no error.
        """
        poll = activity.info().attempt if call.polls else 1
        if poll > 1:  # the workflow's clock stood still meanwhile
            call = call.model_copy(update={"now": max(call.now, self.clock())})
        answer = await self._answer(call, uses, poll)
        if call.polls and answer.status is StepStatus.RUNNING:
            raise looking_again(answer)
        return answer

    async def _answer(self, call: StepCall, uses: str, poll: int) -> StepReturn:
        try:
            # The slot is taken inside, while its heart beats: to the server the queue then never
            # looks dead because its worker is busy.
            async with self._turn(call, uses), self.slots:
                return await self._attempted(call, uses, poll)
        except TemporaryError as error:  # only SQL's: without it, nothing can be recorded
            return _again(str(error), error.delay.total_seconds())
        except asyncio.CancelledError:
            if not _worker_stops():
                raise
            # To the workflow a cancelled step is an aborted one.
            return _again("its worker was stopped", _AGAIN_SECONDS)

    def _turn(self, call: StepCall, uses: str) -> AbstractAsyncContextManager[None]:
        """Of the tree, taken before SQL is asked what has become of it; for most it is free."""
        kind = self.kinds.get(uses)
        if kind is None or not kind.touches_tree:
            return nullcontext()
        return self.tree_turns.turn(f"{call.project}/{call.promotion}")

    async def _attempted(self, call: StepCall, uses: str, poll: int) -> StepReturn:
        scene = await self._claimed(call, uses, poll)
        if scene.record.execution.status is not StepStatus.RUNNING:
            return _as_recorded(scene)
        return await Attempt(self, scene).run()

    async def _claimed(self, call: StepCall, uses: str, poll: int) -> Scene:
        promotion = await self.store.promotions.get(call.project, call.promotion)
        keys = keys_of(promotion.status.step_execution_metadata)
        placed = find(promotion.spec.steps, keys, call.path)
        if placed is None:
            raise FencedError(f"step {call.path}: promotion {promotion.name} has no such step")
        scene = Scene(call, promotion, placed, self.kinds.get(uses), poll)
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
        keys=execution.keys or (),
    )
