"""Attempts: one step, attempt after attempt until it has ended."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import PlannedStep, RecordedStep, StepReturn
    from ferryman.domain.step import StepStatus
    from workflows import sleeping
    from workflows.attention import Attention
    from workflows.dispatch import Answer, Dispatch

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_POLLS_BESIDE_OTHERS = "polls-beside-others"


class Attempts:
    """Counts the errors of one step, and waits between its attempts."""

    def __init__(
        self,
        step: PlannedStep,
        before: RecordedStep,
        dispatch: Dispatch,
        attention: Attention,
        *,
        alone: bool = True,
    ) -> None:
        """`before` is what had become of it in an earlier history.

        While a step waits that touches the tree and is not `alone`, others may have the tree.
        """
        self._step = step
        self._keeps_nobody = alone or not step.tree
        self._polls = False
        self._path = before.path
        self._attempt = before.attempt
        self._errors = before.error_count
        self._pause = _FIRST_PAUSE
        self._dispatch = dispatch
        self._attention = attention

    async def run(self, alias: str) -> StepReturn:
        """Run it to its end; Aborted when the Promotion is not wanted any more."""
        while True:
            self._attempt += 1
            polls = self._polls and (self._keeps_nobody or self._dispatch.at_home)
            answer = await self._dispatch.attempt(
                self._step, self._path, alias, self._attempt, polls=polls
            )
            result = answer.result
            if result is None:
                continue
            if result.error:
                self._errors += 1
            if self._ended(result):
                return result
            self._polls = result.status is StepStatus.RUNNING and self._may_poll()
            if not await self._rest(answer, self._next_pause(result)):
                return StepReturn(status=StepStatus.ABORTED)

    def _may_poll(self) -> bool:
        """Histories from before looked again by timers, where that might keep others off."""
        return self._keeps_nobody or workflow.patched(_POLLS_BESIDE_OTHERS)

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

    async def _rest(self, answer: Answer, pause: timedelta) -> bool:
        """Sleep for `pause` or until a nudge; False when the Promotion is not wanted any more."""
        await self._dispatch.renew_when_long()
        if answer.nudged:
            return self._attention.wanted

        def nudged() -> bool:
            return self._attention.nudged(answer.seen)

        await sleeping.until(nudged, workflow.now() + pause)
        return await self._attention.look() if nudged() else self._attention.wanted
