"""Freight rows: Freight as it is stored, and what is known of it in each Stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.freight import (
    ApprovedFor,
    CurrentlyIn,
    Freight,
    FreightStatus,
    Origin,
    VerifiedIn,
)
from ferryman.storage import tables

ALIAS_LABEL = "kargo.akuity.io/alias"
_CONTENTS = ("commits", "images", "charts", "artifacts")
_MANY = 500
"""More Freight than this, and its standings are read for the whole Project."""


async def read(connection: AsyncConnection, project: str, query: Select[Any]) -> list[Freight]:
    """The Freight that `query` selects, in its order, with its standings: two statements."""
    rows = (await connection.execute(query)).all()
    if not rows:
        return []
    standings = await _standings(connection, project, [row.name for row in rows])
    return [_freight(row, standings.get(row.name, [])) for row in rows]


def values(freight: Freight, alias: str, now: datetime) -> dict[str, Any]:
    """What a row holds of new Freight, besides its key."""
    dumped = freight.dump()
    return {
        "alias": alias,
        "origin": str(freight.origin),
        "contents": {key: dumped[key] for key in _CONTENTS},
        "discovered_at": freight.discovered_at or now,
        "created_at": now,
        "uid": str(uuid4()),
        "annotations": freight.metadata.annotations,
        "metadata": {},
    }


def _freight(row: Row[Any], standings: Sequence[Row[Any]]) -> Freight:
    metadata = {
        "name": row.name,
        "namespace": row.project,
        "uid": row.uid,
        "generation": 1,
        "resourceVersion": "1",
        "creationTimestamp": row.created_at,
        "labels": {ALIAS_LABEL: row.alias},
        "annotations": row.annotations,
    }
    return Freight.load(
        {
            "metadata": metadata,
            "alias": row.alias,
            "discoveredAt": row.discovered_at,
            "origin": Origin(name=row.origin.partition("/")[2]),
            **row.contents,
            "status": _status(row.metadata, standings),
        }
    )


def _status(metadata: dict[str, Any], standings: Sequence[Row[Any]]) -> FreightStatus:
    return FreightStatus(
        currently_in={s.stage: CurrentlyIn(since=s.since) for s in standings if s.since},
        verified_in={s.stage: _verified_in(s) for s in standings if s.verified_at},
        approved_for={s.stage: _approved_for(s) for s in standings if s.approved_at},
        metadata=metadata,
    )


def _verified_in(standing: Row[Any]) -> VerifiedIn:
    longest = timedelta(seconds=standing.longest_soak_seconds)
    return VerifiedIn(verified_at=standing.verified_at, longest_soak=longest)


def _approved_for(standing: Row[Any]) -> ApprovedFor:
    return ApprovedFor(
        approved_at=standing.approved_at,
        actor=standing.approved_by or "",
        comment=standing.approval_comment or "",
    )


async def _standings(
    connection: AsyncConnection, project: str, names: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    columns = tables.freight_stage.c
    query = select(tables.freight_stage).where(columns.project == project)
    if len(names) <= _MANY:
        query = query.where(columns.freight.in_(names))
    # Sorted here: asked to, SQLite reads the whole Project in the order of its primary key.
    rows = sorted(await connection.execute(query), key=lambda row: row.stage)
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.freight, []).append(row)
    return grouped
