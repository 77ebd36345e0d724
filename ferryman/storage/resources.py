"""Declared resources: apply, read, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, Text, cast, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.resource import Resource
from ferryman.domain.warehouse import Warehouse
from ferryman.storage import events, tables
from ferryman.storage.database import Database
from ferryman.storage.events import About
from ferryman.storage.kinds import CLUSTER_SCOPED
from ferryman.storage.removals import remove
from ferryman.storage.resource_rows import R, ResourceRows, key_of, narrow, status_of, where
from ferryman.storage.revisions import check_version, observed, same, stamped
from ferryman.storage.subscriptions import register
from ferryman.storage.upsert import insert_if_absent
from ferryman.storage.vault import Vault

Outcome = Literal["created", "configured", "unchanged"]


@dataclass(frozen=True)
class Declared:
    """A resource to store, and the fields of it that nothing acts on yet."""

    resource: Resource
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What applying one resource did."""

    resource: Resource
    outcome: Outcome


class Resources:
    """Declared resources, with generation, resource version and optimistic concurrency."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._rows = ResourceRows(vault)

    async def apply(
        self, declared: Sequence[Declared], *, actor: Actor, now: datetime
    ) -> Sequence[Applied]:
        """Store all of them or, when one is refused, none; the order of the result is theirs.

        Raises ConflictError for an old resource version, NotFoundError for an unknown Project.
        """
        # Everybody locks rows in the same order, so that no two applies wait for one another.
        in_order = sorted(range(len(declared)), key=lambda i: _order(declared[i].resource))
        applied: dict[int, Applied] = {}
        async with self._database.write() as connection:
            await _check_projects(connection, declared)
            for i in in_order:
                applied[i] = await self.put(connection, declared[i], actor=actor, now=now)
        return [applied[i] for i in range(len(declared))]

    async def get(self, model: type[R], project: str, name: str) -> R:
        """One resource; raises NotFoundError."""
        async with self._database.read() as connection:
            return await self.load(connection, model, project, name)

    async def find(self, kind: str, project: str, name: str) -> Resource:
        """One resource of a kind known by its name only; raises NotFoundError."""
        async with self._database.read() as connection:
            return self._rows.read(await _row(connection, kind, project, name))

    async def list(self, model: type[R], project: str) -> Sequence[R]:
        """All of a kind in a Project, by name."""
        async with self._database.read() as connection:
            return await self.load_all(connection, model, project)

    async def everywhere(self, model: type[R]) -> Sequence[R]:
        """All of a kind in every Project."""
        async with self._database.read() as connection:
            return await self._all(connection, model, _of_kind(model))

    async def delete(
        self, kind: str, project: str, name: str, *, actor: Actor, now: datetime
    ) -> Resource:
        """Remove one resource; raises NotFoundError. A Project goes with all it contains."""
        async with self._database.write() as connection:
            # Locked first, so that nothing is applied into a Project while it goes.
            row = await _row(connection, kind, project, name, lock=kind == "Project")
            await remove(connection, kind, project, name)
            message, about = f"{kind} {name} was deleted", _about(kind, project, name)
            await events.tell(connection, about, "Deleted", message, actor=actor, now=now)
            return self._rows.read(row)

    async def load(
        self,
        connection: AsyncConnection,
        model: type[R],
        project: str,
        name: str,
        *,
        lock: bool = False,
    ) -> R:
        """`get`, within the caller's transaction; lock it before writing its status."""
        row = await _row(connection, model.__name__, project, name, lock=lock)
        return narrow(model, self._rows.read(row))

    async def load_all(
        self, connection: AsyncConnection, model: type[R], project: str
    ) -> Sequence[R]:
        """`list`, within the caller's transaction."""
        query = _of_kind(model).where(tables.resource.c.project == project)
        return await self._all(connection, model, query)

    async def load_naming(
        self, connection: AsyncConnection, model: type[R], project: str, name: str
    ) -> Sequence[R]:
        """Those of a Project that may mean `name`: as a whole string, it is in their spec.

        Of a hundred Stages, few follow any one; to read them all takes a hundred times as long.
        """
        columns = tables.resource.c
        naming = cast(columns.spec, Text).contains(f'"{name}"', autoescape=True)
        query = _of_kind(model).where(columns.project == project, naming)
        return await self._all(connection, model, query)

    async def set_status(self, connection: AsyncConnection, resource: Resource) -> None:
        """Write a resource's observed status; no new generation."""
        version = tables.resource.c.resource_version + 1
        await connection.execute(
            update(tables.resource)
            .where(*where(resource.kind, resource.project, resource.name))
            .values(status=status_of(resource), resource_version=version)
        )

    async def put(
        self, connection: AsyncConnection, declared: Declared, *, actor: Actor, now: datetime
    ) -> Applied:
        """Store one resource within the caller's transaction."""
        applied = (
            await self._change(connection, declared, now)
            or await self._insert(connection, declared, now)
            or await self._change(connection, declared, now)  # somebody else was faster
        )
        kind, name = declared.resource.kind, declared.resource.name
        if applied is None:
            raise ConflictError(f"{kind.lower()} {name} was deleted meanwhile: apply it again")
        if applied.outcome != "unchanged":
            about = _about(kind, declared.resource.project, name)
            reason, message = applied.outcome.capitalize(), f"{kind} {name} was {applied.outcome}"
            await events.tell(connection, about, reason, message, actor=actor, now=now)
            if isinstance(applied.resource, Warehouse):
                await register(connection, applied.resource)
        return applied

    async def _insert(
        self, connection: AsyncConnection, declared: Declared, now: datetime
    ) -> Applied | None:
        """Store what is new; None when something is there."""
        new = declared.resource
        stored = observed(stamped(new, None, now), declared.unsupported, now)
        key, values = key_of(new.kind, new.project, new.name), self._rows.values(stored)
        inserted = await insert_if_absent(connection, tables.resource, key, values)
        return Applied(stored, "created") if inserted else None

    async def _change(
        self, connection: AsyncConnection, declared: Declared, now: datetime
    ) -> Applied | None:
        """Change what is there to what is declared; None when nothing is there."""
        new = declared.resource
        row = await _found(connection, new.kind, new.project, new.name, lock=True)
        old = self._rows.read(row) if row is not None else None
        check_version(new, old)
        if old is None:
            return None
        if same(old, new):
            # What a newer Ferryman supports is not news to the user, but no longer unsupported.
            seen = observed(old, declared.unsupported, now)
            if status_of(seen) != status_of(old):
                await self.set_status(connection, seen)
            return Applied(seen, "unchanged")
        stored = observed(stamped(new, old, now), declared.unsupported, now)
        at = where(new.kind, new.project, new.name)
        values = self._rows.values(stored)
        await connection.execute(update(tables.resource).where(*at).values(**values))
        return Applied(stored, "configured")

    async def _all(
        self, connection: AsyncConnection, model: type[R], query: Select[Any]
    ) -> Sequence[R]:
        columns = tables.resource.c
        rows = await connection.execute(query.order_by(columns.project, columns.name))
        return [narrow(model, self._rows.read(row)) for row in rows]


async def check_project(connection: AsyncConnection, *projects: str) -> None:
    """Keep Projects from being deleted in this transaction; raises NotFoundError."""
    columns = tables.resource.c
    query = select(columns.name).where(columns.kind == "Project", columns.project == "")
    query = query.where(columns.name.in_(projects)).order_by(columns.name)
    there = set((await connection.execute(query.with_for_update(read=True))).scalars())
    for missing in sorted(set(projects) - there):
        raise NotFoundError(f"project {missing} does not exist: apply a Project of that name first")


async def _check_projects(connection: AsyncConnection, declared: Sequence[Declared]) -> None:
    coming = {d.resource.name for d in declared if d.resource.kind == "Project"}
    needed = {d.resource.project for d in declared if d.resource.kind not in CLUSTER_SCOPED}
    if needed - coming:
        await check_project(connection, *sorted(needed - coming))


async def _found(
    connection: AsyncConnection, kind: str, project: str, name: str, *, lock: bool = False
) -> Row[Any] | None:
    query = select(tables.resource).where(*where(kind, project, name))
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def _row(
    connection: AsyncConnection, kind: str, project: str, name: str, *, lock: bool = False
) -> Row[Any]:
    row = await _found(connection, kind, project, name, lock=lock)
    if row is None:
        at = f" in project {project}" if project and kind not in CLUSTER_SCOPED else ""
        raise NotFoundError(f"{kind.lower()} {name} does not exist{at}")
    return row


def _about(kind: str, project: str, name: str) -> About:
    """A Project's own events are found among those of what it contains."""
    return About(kind, name if kind == "Project" else project, name)


def _of_kind(model: type[Resource]) -> Select[Any]:
    return select(tables.resource).where(tables.resource.c.kind == model.__name__)


def _order(resource: Resource) -> tuple[str, ...]:
    return tuple(key_of(resource.kind, resource.project, resource.name).values())
