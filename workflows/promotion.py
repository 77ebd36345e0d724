"""Promotion: waits at its gate, takes its turn, runs its steps, and gives the turn back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import (
        Admission,
        DecisionCall,
        Moment,
        PromotionKey,
        Settled,
        Settlement,
    )
    from ferryman.domain.promotion import Phase
    from workflows import attributes, calls, renewal, sleeping
    from workflows.attention import Attention
    from workflows.dispatch import Dispatch
    from workflows.steps import StepRuns


_RETRIED_AT_ONCE = "retried-at-once"


@workflow.defn(name="Promotion")
class PromotionWorkflow:
    """One Promotion. All it needs to know is in SQL: ended and started again, it goes on."""

    @workflow.init
    def __init__(self, key: PromotionKey) -> None:
        self._key = key
        self._nudges = 0
        self._seen = 0
        """As many had come when SQL was asked at the gate."""

    @workflow.run
    async def run(self, _key: PromotionKey) -> Settled:
        """Carry the Promotion through to its end."""
        admission = await self._pass_gate()
        aborted = False
        if admission.plan is not None:
            _show(Phase.RUNNING)
            attention = Attention(
                lambda: self._nudges, self._ask, seen=self._seen, run=admission.run
            )
            dispatch = Dispatch(self._key, admission.plan, attention)
            steps = StepRuns(admission.plan, dispatch, attention)
            aborted = not await steps.run()
        heard = self._nudges
        settled = await calls.SETTLE(
            Settlement(
                project=self._key.project,
                name=self._key.name,
                now=workflow.now(),
                aborted=aborted,
                run=admission.run,
            )
        )
        _show(settled.phase)
        workflow.set_current_details(settled.message)
        await workflow.wait_condition(workflow.all_handlers_finished)
        # Who has it tried again at once nudges a workflow that is about to end.
        late = self._nudges > heard and workflow.patched(_RETRIED_AT_ONCE)
        if settled.reopened or late:
            await renewal.now(self._key)
        return settled

    async def _pass_gate(self) -> Admission:
        while True:
            self._seen = self._nudges
            admission = await calls.ADMIT(self._moment())
            if admission.state != "waiting":
                return admission
            workflow.set_current_details(f"waits: {admission.waiting_for}")
            await renewal.when_long(self._key)
            await sleeping.until(lambda: self._nudges > self._seen, admission.wake_at)

    async def _ask(self) -> Admission:
        """Whether the Promotion still has its turn, and how its steps stand, after a nudge."""
        return await calls.ADMIT(self._moment())

    def _moment(self) -> Moment:
        return Moment(project=self._key.project, name=self._key.name, now=workflow.now())

    @workflow.signal
    def nudge(self, _body: Any = None) -> None:
        """Look again."""
        self._nudges += 1

    # What people send from the Temporal UI may be anything. A body that is not understood is
    # recorded as a refused decision; raising here would stall the whole workflow instead.
    @workflow.signal
    async def approve(self, body: Any = None) -> None:
        """Agree; `{"by": "ann", "comment": "…"}`, all optional."""
        await self._decide("approve", body)

    @workflow.signal
    async def reject(self, body: Any = None) -> None:
        """Refuse; ends the Promotion. Body as for approve."""
        await self._decide("reject", body)

    @workflow.signal
    async def abort(self, body: Any = None) -> None:
        """Stop, in mid-step if need be. Body as for approve."""
        await self._decide("abort", body)

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, _args: Sequence[RawValue]) -> None:
        """Say in the log that there is no such signal."""
        workflow.logger.warning("there is no signal %r: use approve, reject, abort, nudge", name)

    async def _decide(self, verdict: Literal["approve", "reject", "abort"], body: Any) -> None:
        call = DecisionCall(
            project=self._key.project,
            promotion=self._key.name,
            verdict=verdict,
            body=body,
            now=workflow.now(),
        )
        await calls.RECORD_DECISION(call, summary=verdict)
        self._nudges += 1


def _show(phase: Phase) -> None:
    workflow.upsert_search_attributes([attributes.PHASE.value_set(phase.value)])
