"""Dispatch: gives attempts at steps to workers, and tells what became of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, TimeoutType
from temporalio.exceptions import TimeoutError as LostError

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import (
        STEP_WAITS,
        WORKER_LOST,
        Plan,
        PlannedStep,
        PromotionKey,
        StepCall,
        StepReturn,
    )
    from ferryman.domain.step import StepStatus
    from workflows import renewal
    from workflows.attention import Attention

_FENCED = "FencedError"
_NO_FAILURES = {STEP_WAITS, WORKER_LOST}
"""It was cancelled while it looked; its worker is back, and says that it was killed."""
_ONCE = RetryPolicy(maximum_attempts=1)
_UNTIL_IT_ENDS = RetryPolicy(
    # A worker that is lost in the middle of a look is for us to replace.
    non_retryable_error_types=["TemporalTimeout:Heartbeat", "TemporalTimeout:StartToClose"],
    initial_interval=timedelta(seconds=10),
)
"""A step that waits says itself when it is to be looked at again."""
_NOBODY_POLLS = timedelta(seconds=5)
"""A worker's own queue that is silent for this long has no worker."""
_BEAT = timedelta(seconds=10)
_LONGEST = timedelta(days=1)
"""For one attempt; the step kind's own timeout is kept by the activity."""
_ABORTED = StepReturn(status=StepStatus.ABORTED)


@dataclass
class Answer:
    """What became of an attempt."""

    result: StepReturn | None
    """None: it was lost with its worker."""
    seen: int
    """The nudges that were heard until it ended."""
    nudged: bool
    """Did one come meanwhile? What it told of, the attempt may have missed."""


class Dispatch:
    """Runs attempts; of those that touch the work tree, one at a time."""

    def __init__(self, key: PromotionKey, plan: Plan, attention: Attention) -> None:
        self._key = key
        self._plan = plan
        self._attention = attention
        self._own_queue = plan.worker_queue
        """Of the worker that has the trees."""
        self._tree = asyncio.Lock()
        self._under_way = 0

    @property
    def at_home(self) -> bool:
        """Is it known which worker has the trees? There, who looks again takes turns by itself."""
        return bool(self._own_queue)

    async def attempt(
        self, step: PlannedStep, path: str, alias: str, attempt: int, *, polls: bool = False
    ) -> Answer:
        """Have a worker make one attempt, once the tree is free if the step touches it.

        One that `polls` is looked at again and again, for as long as it waits for something; it
        has the tree only while it looks.
        """
        call = StepCall(
            project=self._key.project,
            promotion=self._key.name,
            path=path,
            attempt=attempt,
            now=workflow.now(),
            run=self._plan.run,
            polls=polls,
        )
        if not step.tree or (polls and self.at_home):
            return await self._attempt(step, call, alias)
        async with self._tree:
            return await self._attempt(step, call, alias)

    async def renew_when_long(self) -> None:
        """Begin a new history when this one is long and nothing would be lost with it."""
        if not self._under_way:
            await renewal.when_long(self._key)

    async def _attempt(self, step: PlannedStep, call: StepCall, alias: str) -> Answer:
        attention = self._attention
        if not attention.wanted:
            return Answer(_ABORTED, attention.seen, nudged=False)
        call = call.model_copy(update={"now": workflow.now()})
        workflow.set_current_details(f"step {alias or call.path} ({step.uses})")
        own = self._own_queue if step.tree else ""
        running = workflow.start_activity(
            step.uses,
            call,
            result_type=StepReturn,
            task_queue=own or self._plan.queue,
            schedule_to_start_timeout=_NOBODY_POLLS if own else None,
            start_to_close_timeout=_LONGEST,
            heartbeat_timeout=_BEAT,
            retry_policy=_UNTIL_IT_ENDS if call.polls else _ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=alias or None,
        )
        self._under_way += 1
        try:
            answer = await self._listening(running, call.path)
        finally:
            self._under_way -= 1
        answer.result = await self._outcome(running, own, tree=step.tree)
        return answer

    async def _listening(self, running: workflow.ActivityHandle[StepReturn], path: str) -> Answer:
        """Wait for its end; a nudge cancels what is not wanted any more, or only rests."""
        attention = self._attention
        answer = Answer(None, attention.seen, nudged=False)

        def something() -> bool:
            return running.done() or attention.nudged(answer.seen)

        while True:
            await workflow.wait_condition(something)
            if running.done():
                return answer
            wanted = await attention.look()
            answer.seen, answer.nudged = attention.seen, True
            if not wanted or attention.idle(path):
                running.cancel()

    async def _outcome(
        self, running: workflow.ActivityHandle[StepReturn], own: str, *, tree: bool
    ) -> StepReturn | None:
        cancelled = None if self._attention.wanted else _ABORTED
        if running.cancelled():
            return cancelled
        error = running.exception()
        if error is None:
            result = running.result()
            if tree:
                self._own_queue = result.worker_queue or self._own_queue
            return result
        if not isinstance(error, ActivityError):
            raise error
        if isinstance(error.cause, CancelledError):
            return cancelled
        if isinstance(error.cause, LostError) and error.cause.type != TimeoutType.START_TO_CLOSE:
            if self._own_queue == own:
                self._own_queue = ""
            return None
        if isinstance(error.cause, ApplicationError) and error.cause.type == _FENCED:
            # SQL knows of more than this history, which was reset: go on from there.
            await renewal.now(self._key)
        if isinstance(error.cause, ApplicationError) and error.cause.type in _NO_FAILURES:
            return cancelled
        message = str(error.cause or error)
        return StepReturn(status=StepStatus.ERRORED, message=message, error=True, terminal=False)
