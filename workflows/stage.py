"""Stage: the short lane in which a Stage's next move is decided."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import Moment, StageKey
    from workflows import calls, sleeping


@workflow.defn(name="Stage")
class StageWorkflow:
    """Decides until nothing is left to do, or only time can change that; then ends or sleeps."""

    def __init__(self) -> None:
        self._nudged = False

    @workflow.run
    async def run(self, key: StageKey) -> str:
        """One lane; the result says why it ended."""
        while True:
            # Cleared before deciding: a nudge that comes meanwhile makes it decide once more.
            self._nudged = False
            outcome = await calls.DECIDE(
                Moment(project=key.project, name=key.stage, now=workflow.now())
            )
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(key)
            if not self._nudged and outcome.wake_at is None:
                return outcome.summary or "nothing to do"
            if not self._nudged:
                workflow.set_current_details(f"sleeps until {outcome.wake_at:%F %T} UTC")
                await sleeping.until(lambda: self._nudged, outcome.wake_at)

    @workflow.signal
    def nudge(self, _body: Any = None) -> None:
        """Look again."""
        self._nudged = True
