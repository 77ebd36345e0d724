"""Views: what the pure rules look at, gathered within the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.gate import GateView, Overtaking
from ferryman.domain.lane import OpenPromotion, StageView
from ferryman.domain.policy import PromotionPolicy, approvals_required
from ferryman.domain.project import Project, ProjectConfig, auto_promotion_enabled
from ferryman.domain.promotion import Phase
from ferryman.domain.stage import Stage
from ferryman.storage import tables
from ferryman.storage.candidates import candidates
from ferryman.storage.decisions import heard
from ferryman.storage.freight import FreightRecords
from ferryman.storage.promotion_rows import OPEN
from ferryman.storage.resources import Resources


@dataclass(frozen=True)
class Views:
    """Gathers views."""

    resources: Resources
    freight: FreightRecords

    async def stage(self, connection: AsyncConnection, stage: Stage, turn: Row[Any]) -> StageView:
        """What the lane decides on."""
        freight = await candidates(connection, stage)
        names = [f.name for f in freight]
        return StageView(
            stage=stage,
            freight=freight,
            auto_promotion=await self._auto_promotion(connection, stage),
            open=await open_promotions(connection, stage),
            last_phase=await _last_phases(connection, stage, names),
            held=frozenset(turn.held),
            turn=turn.promotion,
        )

    async def gate(
        self, connection: AsyncConnection, stage: Stage, promotion: Row[Any]
    ) -> GateView:
        """What a Promotion's gate decides on."""
        policies = await self.resources.load_all(connection, PromotionPolicy, stage.project)
        return GateView(
            approvals_required=approvals_required(
                tuple(policies), stage.name, stage.metadata.labels
            ),
            decisions=await heard(connection, stage.project, promotion.name, run=promotion.run),
            overtaken_by=await overtaking(connection, promotion),
        )

    async def downstream(self, connection: AsyncConnection, stage: Stage) -> tuple[str, ...]:
        """The Stages that take Freight from this one."""
        stages = await self.resources.load_naming(connection, Stage, stage.project, stage.name)
        return tuple(
            s.name
            for s in stages
            if any(stage.name in r.sources.stages for r in s.spec.requested_freight)
        )

    async def _auto_promotion(self, connection: AsyncConnection, stage: Stage) -> bool:
        configs = await self.resources.load_all(connection, ProjectConfig, stage.project)
        project = await self.resources.load(connection, Project, "", stage.project)
        rules = [rule for c in configs for rule in c.spec.promotion_policies]
        rules.extend(project.spec.promotion_policies)
        return auto_promotion_enabled(tuple(rules), stage.name, stage.metadata.labels)


async def open_promotions(connection: AsyncConnection, stage: Stage) -> tuple[OpenPromotion, ...]:
    """The Stage's Promotions that have not ended, in order of creation."""
    columns = tables.promotion.c
    told = (columns.name, columns.freight, columns.ready, columns.origin, columns.hold)
    query = select(*told, columns.waiting).where(
        columns.project == stage.project, columns.stage == stage.name, columns.phase.in_(OPEN)
    )
    # Sorted here: asked to, SQLite goes through all of the Stage's Promotions instead of the few.
    rows = sorted(await connection.execute(query), key=lambda row: row.name)
    return tuple(
        OpenPromotion(
            name=row.name,
            freight=row.freight,
            ready=row.ready,
            origin=row.origin,
            hold=row.hold,
            judged=row.ready or bool(row.waiting),
        )
        for row in rows
    )


async def overtaking(connection: AsyncConnection, promotion: Row[Any]) -> Overtaking | None:
    """The last to go in of those that were created later, for the same origin."""
    columns = tables.promotion.c
    query = select(columns.name, columns.finished_at).where(
        columns.project == promotion.project,
        columns.stage == promotion.stage,
        columns.origin == promotion.origin,
        columns.name > promotion.name,
        columns.phase == Phase.SUCCEEDED,
    )
    newest = await connection.execute(query.order_by(columns.finished_at.desc()).limit(1))
    row = newest.first()
    return Overtaking(name=row.name, at=row.finished_at) if row else None


async def _last_phases(
    connection: AsyncConnection, stage: Stage, freight: Collection[str]
) -> dict[str, Phase]:
    """How each Freight fared last in this Stage (not in one of that name that is gone)."""
    if not freight:
        return {}
    columns = tables.promotion.c
    query = select(columns.name, columns.freight, columns.phase, columns.created_at).where(
        columns.project == stage.project,
        columns.stage == stage.name,
        columns.freight.in_(freight),
    )
    since = stage.metadata.creation_timestamp
    rows = sorted(await connection.execute(query), key=lambda row: row.name)
    ended = [r for r in rows if r.phase not in OPEN and (not since or r.created_at >= since)]
    return {row.freight: Phase(row.phase) for row in ended}
