"""Promotions: created frozen, read back whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.collection import carried_over
from ferryman.domain.event import Decision
from ferryman.domain.freight import FreightReference
from ferryman.domain.promotion import FreightCollection, Phase, Promotion
from ferryman.domain.stage import Stage
from ferryman.storage import events, promotion_rows, tables, tasks, turns
from ferryman.storage.database import Database
from ferryman.storage.decisions import heard
from ferryman.storage.events import About
from ferryman.storage.promotion_rows import OPEN, NewPromotion
from ferryman.storage.step_rows import executions


class Promotions:
    """Reads Promotions and what was decided about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, project: str, name: str) -> Promotion:
        """One Promotion with its steps; raises NotFoundError."""
        async with self._database.read() as connection:
            row = await promotion_rows.load(connection, project, name)
            steps = await executions(connection, project, [name])
        return promotion_rows.read(row, steps.get(name, []))

    async def list(self, project: str, *, stage: str = "", limit: int = 500) -> Sequence[Promotion]:
        """A Project's or a Stage's Promotions, newest first."""
        columns = tables.promotion.c
        query = select(tables.promotion).where(columns.project == project)
        if stage:  # whose Promotions have names in the order of creation
            query = query.where(columns.stage == stage).order_by(columns.name.desc())
        else:
            query = query.order_by(columns.created_at.desc(), columns.name.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(query.limit(limit))).all()
            steps = await executions(connection, project, [row.name for row in rows])
        return [promotion_rows.read(row, steps.get(row.name, [])) for row in rows]

    async def unfinished(self, *, untouched_since: datetime) -> Sequence[tuple[str, str]]:
        """(project, name) of what has not ended and was not looked at since then."""
        columns = tables.promotion.c
        query = select(columns.project, columns.name).where(
            columns.phase.in_(OPEN), columns.touched_at < untouched_since
        )
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(columns.touched_at).limit(1000))
            return [(row.project, row.name) for row in found]

    async def looked_at(self, found: Sequence[tuple[str, str]], *, now: datetime) -> None:
        """Say of these (project, name) that somebody has looked at them, and all is well."""
        columns = tables.promotion.c
        touch = (
            update(tables.promotion)
            .where(columns.project == bindparam("of"), columns.name == bindparam("called"))
            .where(columns.phase.in_(OPEN))
            .values(touched_at=now)
        )
        if found:
            async with self._database.write() as connection:
                await connection.execute(touch, [{"of": p, "called": n} for p, n in found])

    async def running(self) -> Sequence[tuple[str, str]]:
        """(project, name) of what has gone in and not ended."""
        columns = tables.promotion.c
        query = select(columns.project, columns.name).where(columns.phase == Phase.RUNNING)
        async with self._database.read() as connection:
            return [(row.project, row.name) for row in await connection.execute(query)]

    async def waiting(self, project: str) -> Sequence[str]:
        """Names of a Project's Promotions that have not ended."""
        columns = tables.promotion.c
        query = select(columns.name).where(columns.project == project, columns.phase.in_(OPEN))
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def decisions(self, project: str, name: str) -> Sequence[Decision]:
        """What people said about it, in order of time."""
        async with self._database.read() as connection:
            return await heard(connection, project, name)


async def create(connection: AsyncConnection, new: NewPromotion, *, now: datetime) -> Promotion:
    """Store a new Promotion; the Stage must be locked in this transaction.

    Raises InvalidError, before anything is written, when its steps cannot be told: a task that
    they refer to does not exist, or wants a var that nobody gives.
    """
    stage, freight = new.stage, new.freight
    steps = await tasks.steps_of(connection, stage)
    name = await turns.next_name(connection, stage, freight, now)
    collection = await collection_for(connection, stage, freight.reference())
    values = promotion_rows.values(new, name, steps, now) | {"collection": collection.dump()}
    made = await connection.execute(
        insert(tables.promotion).values(**values).returning(tables.promotion)
    )
    row = made.one()
    about = About("Promotion", stage.project, name)
    message = f"Freight {freight.alias or freight.name[:7]} to stage {stage.name}"
    await events.tell(connection, about, "PromotionCreated", message, actor=new.actor, now=now)
    return promotion_rows.read(row, [])


async def collection_for(
    connection: AsyncConnection, stage: Stage, target: FreightReference
) -> FreightCollection:
    """What the Stage has once `target` is in; the rest is what its last Promotion had (§14.20)."""
    previous: FreightCollection | None = None
    last = stage.status.last_promotion
    if last and len(stage.spec.requested_freight) > 1:
        columns = tables.promotion.c
        query = select(columns.collection).where(columns.project == stage.project)
        kept = (await connection.execute(query.where(columns.name == last.name))).scalar()
        previous = FreightCollection.load(kept) if kept else None
    return carried_over(previous, target, stage.spec)
