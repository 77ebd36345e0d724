"""Running a Promotion's steps, one activity each, called by its kind.

Steps of a list run in order, the items of a loop a few at a time, the branches of a group side by
side. What a failure stops is told by ferryman/domain/flow.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain import flow
    from ferryman.domain.placement import Enclosure, branches
    from ferryman.domain.plan import Plan, PlannedStep, RecordedStep, StepReturn
    from ferryman.domain.step import LOOP, StepStatus
    from workflows.attempts import Attempts
    from workflows.attention import Attention
    from workflows.dispatch import Dispatch

_SKIPPED = StepReturn(status=StepStatus.SKIPPED)


class StepRuns:
    """Runs what is left of a plan, while the Promotion is wanted."""

    def __init__(self, plan: Plan, dispatch: Dispatch, attention: Attention) -> None:
        """`dispatch` makes the attempts; `attention` tells of an abort meanwhile."""
        self._plan = plan
        self._recorded = {step.path: step for step in plan.recorded}
        self._attention = attention
        self._dispatch = dispatch
        self._side_by_side = 0
        """How deep in groups and loops that do several things at once."""

    async def run(self) -> bool:
        """Run the steps; False when the Promotion is not wanted any more."""
        await self._list(self._plan.steps, Enclosure(), failed=False)
        return self._attention.wanted

    async def _list(self, steps: Sequence[PlannedStep], within: Enclosure, *, failed: bool) -> bool:
        """Run the steps of one list in order; has anything failed after it?"""
        for step in steps:
            if not self._attention.wanted:
                break
            failed = await self._one(step, within, failed=failed)
        return failed

    async def _one(self, step: PlannedStep, within: Enclosure, *, failed: bool) -> bool:
        inside = failed
        if step.leaves_record:
            result = await self._result(step, within, failed=failed)
            inside = flow.stopped_inside(has_condition=step.has_condition, failed=failed)
            failed = failed or (result.status.bad and not step.continue_on_error)
            if not step.children or result.status is not StepStatus.SUCCEEDED:
                return failed
            if step.uses == LOOP:
                return await self._loop(step, within, result.keys, failed=inside) or failed
        return await self._group(step, within, failed=inside) or failed

    async def _loop(
        self, step: PlannedStep, within: Enclosure, keys: Sequence[str], *, failed: bool
    ) -> bool:
        """Run a loop's steps for each item; has anything failed after it?"""
        if step.concurrency == 1:
            for key in keys:
                item = within.of_item(step.alias, key)
                failed = await self._list(step.children, item, failed=failed)
            return failed
        free = asyncio.Semaphore(step.concurrency)

        async def one(key: str) -> bool:
            async with free:
                item = within.of_item(step.alias, key)
                return await self._list(step.children, item, failed=failed)

        return await self._any_failed(one(key) for key in keys)

    async def _group(self, step: PlannedStep, within: Enclosure, *, failed: bool) -> bool:
        """Run a group's branches side by side; has anything failed after them?"""
        group = within.of_group(step.alias)
        return await self._any_failed(
            self._list(branch, group, failed=failed)
            for branch in branches(step.children, lambda child: child.alias)
        )

    async def _result(self, step: PlannedStep, within: Enclosure, *, failed: bool) -> StepReturn:
        """What has become of a step, or becomes of it now."""
        path = within.prefix + step.path
        before = self._recorded.get(path) or RecordedStep(
            path=path, status=step.status, attempt=step.attempt, error_count=step.error_count
        )
        if before.status is not None and before.status.ended:
            return StepReturn(status=before.status, keys=before.keys)
        if not flow.runs(has_condition=step.has_condition, failed=failed):
            return _SKIPPED
        if within.prefix:  # a loop may be long
            await self._dispatch.renew_when_long()
        alone = not self._side_by_side
        attempts = Attempts(step, before, self._dispatch, self._attention, alone=alone)
        result = await attempts.run(within.scope + step.alias)
        if result.status is StepStatus.ABORTED:
            self._attention.wanted = False
        return result

    async def _any_failed(self, runs: Iterable[Coroutine[None, None, bool]]) -> bool:
        """Run them side by side."""
        self._side_by_side += 1
        try:
            return any(await asyncio.gather(*runs))
        finally:
            self._side_by_side -= 1
