"""Freight: minted once, never changed, and let into Stages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.aliases import alias, check_alias
from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.freight import Freight
from ferryman.domain.status_change import AliasUpdate
from ferryman.storage import (
    deleted_freight,
    events,
    freight_pages,
    freight_rows,
    status_changes,
    tables,
)
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.freight_pages import Page, Wanted
from ferryman.storage.resources import check_project
from ferryman.storage.standings import mark
from ferryman.storage.upsert import insert_if_absent

_ALIAS_ATTEMPTS = 100


class FreightRecords:
    """Freight and its status per Stage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, project: str, name_or_alias: str) -> Freight:
        """By name or alias; raises NotFoundError."""
        async with self._database.read() as connection:
            return await self.load(connection, project, name_or_alias)

    async def list(self, project: str, *, origins: Sequence[str] = ()) -> Sequence[Freight]:
        """A Project's Freight, newest first; `origins` are `Warehouse/<name>`."""
        async with self._database.read() as connection:
            return await self.load_all(connection, project, origins=origins)

    async def called(self, project: str, names: Collection[str]) -> Sequence[Freight]:
        """A Project's Freight that has one of these names or aliases."""
        columns = tables.freight.c
        # The project stands in both, or SQLite reads all of it.
        by_name = and_(columns.project == project, columns.name.in_(names))
        by_alias = and_(columns.project == project, columns.alias.in_(names))
        query = select(tables.freight).where(or_(by_name, by_alias))
        async with self._database.read() as connection:
            return await freight_rows.read(connection, project, query)

    async def page(self, wanted: Wanted, *, now: datetime) -> Page:
        """The newest Freight that somebody wants to see, newest first."""
        async with self._database.read() as connection:
            return await freight_pages.read(connection, wanted, now)

    async def mint(self, freight: Freight, *, actor: Actor, now: datetime) -> tuple[Freight, bool]:
        """Store Freight under its content hash; False when it was there already.

        A taken alias is an error when it was asked for, and another is found when it was not.
        Raises ConflictError for it, and NotFoundError for an unknown Project.
        """
        async with self._database.write() as connection:
            minted, is_new = await self._mint(connection, freight, actor, now)
            if is_new:
                await deleted_freight.forget(connection, freight.project, freight.name)
            return minted, is_new

    async def mint_found(
        self, freight: Freight, *, actor: Actor, now: datetime
    ) -> tuple[Freight | None, bool]:
        """`mint` for what nobody asked for: None for what somebody deleted."""
        async with self._database.write() as connection:
            if await deleted_freight.was_deleted(connection, freight.project, freight.name):
                return None, False
            return await self._mint(connection, freight, actor, now)

    async def rename(
        self, project: str, name_or_alias: str, new_alias: str, *, actor: Actor, now: datetime
    ) -> Freight:
        """Give Freight another alias.

        Raises InvalidError for what cannot be one, NotFoundError, and ConflictError where it is
        taken.
        """
        check_alias(new_alias, field="newAlias")
        async with self._database.write() as connection:
            freight = await self.load(connection, project, name_or_alias)
            if new_alias == freight.alias:
                return freight
            change = AliasUpdate(freight.name, new_alias)
            await status_changes.make(connection, project, [change])
            about = About("Freight", project, freight.name)
            message = f"Freight {freight.alias} ({freight.name[:7]}) is now called {new_alias}"
            reason = "FreightAliasChanged"
            await events.tell(connection, about, reason, message, actor=actor, now=now)
            return await self.load(connection, project, freight.name)

    async def approve(
        self, project: str, name: str, stage: str, *, actor: Actor, comment: str, now: datetime
    ) -> None:
        """Let Freight into a Stage without upstream verification (Kargo's approval)."""
        async with self._database.write() as connection:
            freight = await self.load(connection, project, name)
            if stage in freight.status.approved_for:
                return
            approval = {
                "approved_at": now,
                "approved_by": str(actor),
                "approval_comment": comment,
            }
            await mark(connection, project, stage, freight.name, **approval)
            message = f"approved for stage {stage}" + (f": {comment}" if comment else "")
            about = About("Freight", project, freight.name)
            await events.tell(connection, about, "FreightApproved", message, actor=actor, now=now)

    async def load(self, connection: AsyncConnection, project: str, name_or_alias: str) -> Freight:
        """`get`, within the caller's transaction."""
        found = await _find(connection, project, name_or_alias)
        if found is None:
            raise NotFoundError(f"freight {name_or_alias} does not exist in project {project}")
        return found

    async def load_all(
        self, connection: AsyncConnection, project: str, *, origins: Sequence[str] = ()
    ) -> Sequence[Freight]:
        """`list`, within the caller's transaction."""
        columns = tables.freight.c
        query = select(tables.freight).where(columns.project == project)
        if origins:
            query = query.where(columns.origin.in_(origins))
        newest_first = query.order_by(columns.discovered_at.desc(), columns.name.desc())
        return await freight_rows.read(connection, project, newest_first)

    async def _mint(
        self, connection: AsyncConnection, freight: Freight, actor: Actor, now: datetime
    ) -> tuple[Freight, bool]:
        project, name = freight.project, freight.name
        await check_project(connection, project)
        known = await _find(connection, project, name)
        if known is not None and known.name == name:
            return known, False
        chosen = await _free_alias(connection, freight)
        key, row = {"project": project, "name": name}, freight_rows.values(freight, chosen, now)
        is_new = await insert_if_absent(connection, tables.freight, key, row)
        if is_new:
            message = f"Freight {chosen} ({name[:7]}): {_summary(freight)}"
            about = About("Freight", project, name)
            await events.tell(connection, about, "FreightCreated", message, actor=actor, now=now)
        return await self.load(connection, project, name), is_new


async def _find(connection: AsyncConnection, project: str, name_or_alias: str) -> Freight | None:
    """By name or, where there is none of that name, by alias."""
    columns = tables.freight.c
    query = select(tables.freight).where(
        columns.project == project,
        or_(columns.name == name_or_alias, columns.alias == name_or_alias),
    )
    query = query.order_by((columns.name == name_or_alias).desc()).limit(1)
    return next(iter(await freight_rows.read(connection, project, query)), None)


async def _free_alias(connection: AsyncConnection, freight: Freight) -> str:
    holder: Freight | None = None
    for name in [freight.alias] if freight.alias else _generated(freight.name):
        holder = await _find(connection, freight.project, name)
        if holder is None:
            return name
    taken = f"alias {freight.alias} is taken in project {freight.project}"
    raise ConflictError(f"{taken} by Freight {holder.name if holder else ''}: choose another")


def _generated(name: str) -> Sequence[str]:
    return [*(alias(name, attempt) for attempt in range(_ALIAS_ATTEMPTS)), f"freight-{name[:12]}"]


def _summary(freight: Freight) -> str:
    parts = [f"{i.repo_url}:{i.tag}" for i in freight.images]
    parts += [f"{c.repo_url}@{c.tag or c.id[:7]}" for c in freight.commits]
    parts += [f"{c.name or c.repo_url} {c.version}" for c in freight.charts]
    parts += [f"{a.subscription_name} {a.version}" for a in freight.artifacts]
    return ", ".join(parts)
