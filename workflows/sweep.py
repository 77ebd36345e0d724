"""Sweep: finds due work whose nudge was lost."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import Moment, SweepOutcome
    from workflows import calls


@workflow.defn(name="Sweep")
class SweepWorkflow:
    """Starts what should run and does not, once a minute."""

    @workflow.run
    async def run(self) -> SweepOutcome:
        """One sweep."""
        return await calls.SWEEP(Moment(project="", name="", now=workflow.now()))
