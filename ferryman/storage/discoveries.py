"""Discoveries: what a Warehouse found, and how it fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import controller
from ferryman.domain.errors import NotFoundError
from ferryman.domain.resource import Condition, with_condition
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import DiscoveredArtifacts, SubscriptionStatus, Warehouse
from ferryman.storage import events
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.resources import Resources

CRITERIA = "FreightCreationCriteriaSatisfied"
"""The condition about a Warehouse's `freightCreationCriteria`."""

_ACTOR = controller("discovery")


class Discoveries:
    """Records what discoveries found."""

    def __init__(self, database: Database, resources: Resources) -> None:
        self._database = database
        self._resources = resources

    async def record(
        self,
        project: str,
        name: str,
        *,
        found: DiscoveredArtifacts | None,
        freight: str,
        conditions: Sequence[Condition],
        now: datetime,
        subscriptions: tuple[SubscriptionStatus, ...] = (),
    ) -> None:
        """Write a Warehouse's status; one that is gone is let be. Bad news is an event, once."""
        async with self._database.write() as connection:
            try:
                warehouse = await self._resources.load(
                    connection, Warehouse, project, name, lock=True
                )
            except NotFoundError:
                return
            status = warehouse.status
            observed = _lasting(status.conditions, conditions)
            for condition in conditions:
                timed = condition.model_copy(update={"last_transition_time": now})
                observed = with_condition(observed, timed)
                if condition.type == "Healthy" and condition.status == "False":
                    await _warn(connection, project, name, condition, now)
            seen = {
                "conditions": observed,
                "discovered_artifacts": found or status.discovered_artifacts,
                "subscriptions": subscriptions,
                "last_freight_id": freight or status.last_freight_id,
                "observed_generation": warehouse.metadata.generation,
            }
            new = warehouse.model_copy(update={"status": status.model_copy(update=seen)})
            await self._resources.set_status(connection, new)

    async def stages_of(self, project: str, warehouse: str) -> list[str]:
        """The Stages that take Freight straight from a Warehouse."""
        stages = await self._resources.list(Stage, project)
        return [
            s.name
            for s in stages
            if any(
                r.origin.name == warehouse and r.sources.direct for r in s.spec.requested_freight
            )
        ]


def _lasting(before: Sequence[Condition], new: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions but for the one about criteria, unless it is observed anew."""
    types = {condition.type for condition in new}
    return tuple(c for c in before if c.type != CRITERIA or c.type in types)


async def _warn(
    connection: AsyncConnection, project: str, name: str, condition: Condition, now: datetime
) -> None:
    await events.warn(
        connection,
        About("Warehouse", project, name),
        condition.reason,
        condition.message,
        actor=_ACTOR,
        now=now,
    )
