"""Subscriptions: which Warehouses watch a repository, without reading all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.warehouse import Subscription, Warehouse
from ferryman.domain.webhooks.hits import Hit
from ferryman.domain.webhooks.matching import concerns, sources_of
from ferryman.domain.webhooks.selecting import Candidate, Selection
from ferryman.storage import tables
from ferryman.storage.database import Database

_LONGEST = 2000
"""Bytes of a URL that an index takes; who subscribes to a longer one is not woken by webhooks."""


class WarehouseAt(NamedTuple):
    """A Warehouse."""

    project: str
    name: str


async def register(connection: AsyncConnection, warehouse: Warehouse) -> None:
    """Note what a Warehouse is subscribed to now, in the transaction that stores it."""
    await forget(connection, warehouse.project, warehouse.name)
    where = {"project": warehouse.project, "warehouse": warehouse.name}
    rows = [
        {**where, "position": position, "type": source.type, "url": source.url}
        for position, source in sources_of(warehouse)
        if _is_indexed(source.url)
    ]
    if rows:
        await connection.execute(insert(tables.subscription), rows)


async def forget(connection: AsyncConnection, project: str, warehouse: str) -> None:
    """Forget a Warehouse's subscriptions, in the transaction that removes it."""
    columns = tables.subscription.c
    of_it = (columns.project == project, columns.warehouse == warehouse)
    await connection.execute(delete(tables.subscription).where(*of_it))


class Subscriptions:
    """Finds Warehouses by what they are subscribed to; `project` "" means all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def concerned(self, project: str, hits: Sequence[Hit]) -> Sequence[WarehouseAt]:
        """The Warehouses with a subscription that one of the hits concerns, by name."""
        urls = {source.url for hit in hits for source in hit.sources if _is_indexed(source.url)}
        if not urls:
            return []
        ours, theirs = tables.subscription.c, tables.resource.c
        query: Select[Any] = (
            select(ours.project, ours.warehouse, ours.position, theirs.spec)
            .join_from(tables.subscription, tables.resource, _same_warehouse())
            .where(ours.url.in_(urls))
        )
        if project:
            query = query.where(ours.project == project)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        found = {WarehouseAt(row.project, row.warehouse) for row in rows if _is_hit(row, hits)}
        return sorted(found)

    async def selected(self, project: str, selection: Selection) -> Sequence[WarehouseAt]:
        """The Warehouses that a generic receiver's actions select, by name."""
        if not selection.tests:
            return []
        theirs = tables.resource.c
        query: Select[Any] = (
            select(theirs.project, theirs.name, theirs.labels, tables.subscription.c.url)
            .join_from(tables.resource, tables.subscription, _same_warehouse(), isouter=True)
            .where(theirs.kind == "Warehouse")
        )
        if project:
            query = query.where(theirs.project == project)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        found = (candidate for candidate in _candidates(rows) if selection.selects(candidate))
        return sorted(WarehouseAt(candidate.project, candidate.name) for candidate in found)


def _same_warehouse() -> Any:
    ours, theirs = tables.subscription.c, tables.resource.c
    return and_(
        theirs.kind == "Warehouse",
        theirs.project == ours.project,
        theirs.name == ours.warehouse,
    )


def _is_indexed(url: str) -> bool:
    """Neither too long nor with signs that a database refuses."""
    return url.isprintable() and len(url.encode()) <= _LONGEST


def _is_hit(row: Row[Any], hits: Sequence[Hit]) -> bool:
    subscription = Subscription.load(row.spec["subscriptions"][row.position])
    return any(concerns(hit, subscription) for hit in hits)


def _candidates(rows: Iterable[Row[Any]]) -> Iterable[Candidate]:
    urls: dict[WarehouseAt, set[str]] = {}
    labels: dict[WarehouseAt, dict[str, str]] = {}
    for row in rows:
        at = WarehouseAt(row.project, row.name)
        urls.setdefault(at, set()).update(filter(None, [row.url]))
        labels[at] = row.labels
    return (Candidate(*at, labels[at], frozenset(found)) for at, found in urls.items())
