"""Nudges: starts what sleeps and wakes what waits (implements `ferryman.domain.ports.Wakers`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowExecutionStatus,
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from ferryman.domain import names
from ferryman.domain.plan import PromotionKey, StageKey, WarehouseKey
from ferryman.domain.ports import Presence
from workflows import attributes
from workflows.discovery import DiscoveryWorkflow
from workflows.sweep import SweepWorkflow

_TASK_TIMEOUT = timedelta(seconds=2)
"""A worker that is killed while it has a workflow's task keeps the workflow for so long."""
_OFFERS = "what warehouse {} has to offer"
_SWEEP_EVERY = timedelta(minutes=1)
_CATCH_UP = timedelta(minutes=1)
"""After an outage one run is enough; the default would make up for a year."""


class TemporalNudges:
    """Wakes workflows over a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def stage(self, project: str, stage: str) -> None:
        """Let a Stage's lane look again, starting it where it sleeps."""
        await self._wake(
            "Stage",
            StageKey(project=project, stage=stage),
            names.stage_workflow_id(project, stage),
            found_by=_found_by(project, stage=stage),
            summary=f"what stage {stage} does next",
        )

    async def promotion(self, project: str, name: str) -> None:
        """Let a Promotion look again, starting its workflow where none runs."""
        parsed = names.parse_promotion_name(name)
        await self._wake(
            "Promotion",
            PromotionKey(project=project, name=name),
            names.promotion_workflow_id(project, name),
            found_by=_found_by(project, stage=parsed.stage, freight=parsed.freight),
            summary=f"Freight {parsed.freight} to stage {parsed.stage}",
        )

    async def presence_of_stage(self, project: str, stage: str) -> Presence:
        """How a Stage's lane is."""
        return await self._presence(names.stage_workflow_id(project, stage))

    async def presence_of_promotion(self, project: str, name: str) -> Presence:
        """How a Promotion's workflow is."""
        return await self._presence(names.promotion_workflow_id(project, name))

    async def warehouse(self, project: str, name: str, *, asked: bool = True) -> None:
        """Discover now; during a discovery, once more after it."""
        await self._wake(
            "Discovery",
            WarehouseKey(project=project, name=name),
            names.discovery_workflow_id(project, name),
            found_by=_found_by(project, warehouse=name),
            summary=_OFFERS.format(name),
            body=None if asked else {"asked": False},
        )

    async def watch(self, project: str, name: str, every: float) -> None:
        """Discover every `every` seconds from now on."""
        action = ScheduleActionStartWorkflow(
            DiscoveryWorkflow.run,
            WarehouseKey(project=project, name=name),
            id=names.discovery_workflow_id(project, name),
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            typed_search_attributes=_found_by(project, warehouse=name),
            static_summary=_OFFERS.format(name),
        )
        # Buffering one keeps a trigger that comes during a run; skipping would lose it.
        await self._schedule(
            names.discovery_workflow_id(project, name),
            Schedule(
                action=action,
                spec=_every(timedelta(seconds=every)),
                policy=SchedulePolicy(
                    overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=_CATCH_UP
                ),
            ),
        )

    async def forget(self, project: str, name: str) -> None:
        """Stop watching."""
        handle = self._client.get_schedule_handle(names.discovery_workflow_id(project, name))
        try:
            await handle.delete()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise

    async def sweep(self) -> None:
        """Make sure that the Sweep comes by, once a minute."""
        action = ScheduleActionStartWorkflow(
            SweepWorkflow.run,
            id=names.SWEEP,
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            static_summary="due work whose nudge was lost",
        )
        await self._schedule(
            names.SWEEP,
            Schedule(
                action=action,
                spec=_every(_SWEEP_EVERY),
                policy=SchedulePolicy(catchup_window=_CATCH_UP),
            ),
        )

    async def _wake(
        self,
        workflow: str,
        key: StageKey | PromotionKey | WarehouseKey,
        workflow_id: str,
        *,
        found_by: TypedSearchAttributes,
        summary: str,
        body: Any = None,
    ) -> None:
        """Signal a workflow `nudge`, starting it where it does not run."""
        await self._client.start_workflow(
            workflow,
            key,
            id=workflow_id,
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            start_signal="nudge",
            start_signal_args=[] if body is None else [body],
            search_attributes=found_by,
            static_summary=summary,
        )

    async def _presence(self, workflow_id: str) -> Presence:
        """Asked of the server: the workflow does not notice, and its history does not grow."""
        try:
            found = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return "absent"
            raise
        if found.status != WorkflowExecutionStatus.RUNNING:
            return "absent"
        raw = found.raw_description
        under_way = raw.pending_activities or raw.HasField("pending_workflow_task")
        return "busy" if under_way else "idle"

    async def _schedule(self, name: str, schedule: Schedule) -> None:
        def replaced(_old: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(schedule=schedule)

        try:
            await self._client.create_schedule(name, schedule)
        except ScheduleAlreadyRunningError:
            await self._client.get_schedule_handle(name).update(replaced)


def _every(interval: timedelta) -> ScheduleSpec:
    """Jitter spreads Warehouses that were applied together."""
    return ScheduleSpec(intervals=[ScheduleIntervalSpec(every=interval)], jitter=interval / 10)


def _found_by(
    project: str, *, stage: str = "", warehouse: str = "", freight: str = ""
) -> TypedSearchAttributes:
    values = {
        attributes.PROJECT: project,
        attributes.STAGE: stage,
        attributes.WAREHOUSE: warehouse,
        attributes.FREIGHT: freight,
    }
    return TypedSearchAttributes([SearchAttributePair(k, v) for k, v in values.items() if v])
