"""Nudges: starts what sleeps and wakes what waits (implements `ferryman.domain.ports.Nudges`)."""

from __future__ import annotations

from datetime import timedelta

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
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from ferryman.domain import names
from ferryman.domain.plan import PromotionKey, StageKey, WarehouseKey
from workflows import attributes
from workflows.discovery import DiscoveryWorkflow
from workflows.promotion import PromotionWorkflow
from workflows.stage import StageWorkflow
from workflows.sweep import SweepWorkflow

_TASK_TIMEOUT = timedelta(seconds=5)
"""The default of 10 s costs recovery after a kill as much again."""
_SWEEP_EVERY = timedelta(minutes=1)
_CATCH_UP = timedelta(minutes=1)
"""After an outage one run is enough; the default would make up for a year."""


class TemporalNudges:
    """Wakes workflows over a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def stage(self, project: str, stage: str) -> None:
        """Let a Stage's lane look again, starting it where it sleeps."""
        await self._client.start_workflow(
            StageWorkflow.run,
            StageKey(project=project, stage=stage),
            id=names.stage_workflow_id(project, stage),
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            start_signal="nudge",
            search_attributes=_found_by(project, stage=stage),
            static_summary=f"what stage {stage} does next",
        )

    async def promotion(self, project: str, name: str) -> None:
        """Let a Promotion look again, starting its workflow where none runs."""
        parsed = names.parse_promotion_name(name)
        await self._client.start_workflow(
            PromotionWorkflow.run,
            PromotionKey(project=project, name=name),
            id=names.promotion_workflow_id(project, name),
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            start_signal="nudge",
            search_attributes=_found_by(project, stage=parsed.stage, freight=parsed.freight),
            static_summary=f"Freight {parsed.freight} to stage {parsed.stage}",
        )

    async def warehouse(self, project: str, name: str) -> None:
        """Discover now; during a discovery, once more after it."""
        await self._client.start_workflow(
            DiscoveryWorkflow.run,
            WarehouseKey(project=project, name=name),
            id=names.discovery_workflow_id(project, name),
            task_queue=names.SHARED_QUEUE,
            task_timeout=_TASK_TIMEOUT,
            start_signal="nudge",
            search_attributes=_found_by(project, warehouse=name),
            static_summary=f"what warehouse {name} has to offer",
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
            static_summary=f"what warehouse {name} has to offer",
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
