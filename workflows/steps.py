"""Running a Promotion's steps, one activity each, called by its kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, TimeoutType
from temporalio.exceptions import TimeoutError as LostError

with workflow.unsafe.imports_passed_through():
    from ferryman.domain import flow
    from ferryman.domain.plan import Plan, PlannedStep, PromotionKey, StepCall, StepReturn
    from ferryman.domain.step import StepExecution, StepStatus
    from workflows import renewal, sleeping

_FENCED = "FencedError"
_ONCE = RetryPolicy(maximum_attempts=1)
_NOBODY_POLLS = timedelta(seconds=5)
"""A worker's own queue that is silent for this long has no worker."""
_BEAT = timedelta(seconds=10)
_LONGEST = timedelta(days=1)
"""For one attempt; the step kind's own timeout is kept by the activity."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)


class StepRuns:
    """Runs what is left of a plan; `nudged` and `still_wanted` tell of an abort meanwhile."""

    def __init__(
        self,
        key: PromotionKey,
        plan: Plan,
        nudged: Callable[[], bool],
        still_wanted: Callable[[], Awaitable[bool]],
    ) -> None:
        self._key = key
        self._plan = plan
        self._nudged = nudged
        self._still_wanted = still_wanted
        self._own_queue = plan.worker_queue
        self._nudged_meanwhile = False

    async def run(self) -> bool:
        """Run the steps in order; False when the Promotion is not wanted any more."""
        earlier: list[StepExecution] = []
        for step in self._plan.steps:
            status: StepStatus | None = step.status
            if status is None or not status.ended:
                if flow.runs(has_condition=step.has_condition, earlier=earlier):
                    status = await _Attempts(self, step).run()
                    if status is StepStatus.ABORTED:
                        return False
                else:
                    status = StepStatus.SKIPPED
            earlier.append(
                StepExecution(
                    path=step.path, status=status, continue_on_error=step.continue_on_error
                )
            )
        return True

    async def dispatch(self, step: PlannedStep, attempt: int) -> StepReturn | None:
        """Have a worker run one attempt; None when it was lost with its worker."""
        call = StepCall(
            project=self._key.project,
            promotion=self._key.name,
            path=step.path,
            attempt=attempt,
            now=workflow.now(),
        )
        workflow.set_current_details(f"step {step.alias or step.path} ({step.uses})")
        own = self._own_queue
        running = workflow.start_activity(
            step.uses,
            call,
            result_type=StepReturn,
            task_queue=own or self._plan.queue,
            schedule_to_start_timeout=_NOBODY_POLLS if own else None,
            start_to_close_timeout=_LONGEST,
            heartbeat_timeout=_BEAT,
            retry_policy=_ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=step.alias or None,
        )
        self._nudged_meanwhile = False
        await workflow.wait_condition(lambda: running.done() or self._nudged())
        while not running.done():
            self._nudged_meanwhile = True
            if not await self._still_wanted():
                running.cancel()
            await workflow.wait_condition(lambda: running.done() or self._nudged())
        return await self._outcome(running)

    async def rest(self, pause: timedelta) -> bool:
        """Sleep for `pause` or until a nudge; False when the Promotion is not wanted any more.

        A nudge that came during the attempt counts: what it told of, the attempt may have missed.
        """
        await renewal.when_long(self._key)
        if self._nudged_meanwhile:
            return True
        await sleeping.until(self._nudged, workflow.now() + pause)
        return not self._nudged() or await self._still_wanted()

    async def _outcome(self, running: asyncio.Task[StepReturn]) -> StepReturn | None:
        if running.cancelled():
            return StepReturn(status=StepStatus.ABORTED)
        error = running.exception()
        if error is None:
            result = running.result()
            self._own_queue = result.worker_queue or self._own_queue
            return result
        if not isinstance(error, ActivityError):
            raise error
        if isinstance(error.cause, CancelledError):
            return StepReturn(status=StepStatus.ABORTED)
        if isinstance(error.cause, LostError) and error.cause.type != TimeoutType.START_TO_CLOSE:
            self._own_queue = ""
            return None
        if isinstance(error.cause, ApplicationError) and error.cause.type == _FENCED:
            # SQL knows of more than this history, which was reset: go on from there.
            await renewal.now(self._key)
        message = str(error.cause or error)
        return StepReturn(status=StepStatus.ERRORED, message=message, error=True, terminal=False)


class _Attempts:
    """One step, attempt after attempt until it has ended."""

    def __init__(self, runs: StepRuns, step: PlannedStep) -> None:
        self._runs = runs
        self._step = step
        self._attempt = step.attempt
        self._errors = step.error_count
        self._pause = _FIRST_PAUSE

    async def run(self) -> StepStatus:
        while True:
            self._attempt += 1
            result = await self._runs.dispatch(self._step, self._attempt)
            if result is None:
                continue
            if result.error:
                self._errors += 1
            if self._ended(result):
                return result.status
            if not await self._runs.rest(self._next_pause(result)):
                return StepStatus.ABORTED

    def _ended(self, result: StepReturn) -> bool:
        if result.status is StepStatus.RUNNING:
            return False
        return not result.error or result.terminal or self._errors >= self._step.error_threshold

    def _next_pause(self, result: StepReturn) -> timedelta:
        if result.retry_after_seconds:
            workflow.set_current_details(f"waits: {result.waiting_for or result.message}")
            return timedelta(seconds=result.retry_after_seconds)
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        return pause
