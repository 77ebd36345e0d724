"""Candidates: of perhaps thousands of Freight, the few that a Stage's next move depends on.

The rule itself is pure (ferryman/domain/eligibility.py); here SQL leaves out only what it would
refuse, now and until something happens. Of an origin, what is kept but may not enter yet soaks in
an upstream Stage, and a Stage has one Freight of an origin: so the newest few, one more than there
are upstream Stages, hold the candidate and all that will become available by time.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.eligibility import required_soak
from ferryman.domain.freight import Freight
from ferryman.domain.lane import upstream_to_match
from ferryman.domain.stage import RequestedFreight, Stage
from ferryman.storage import freight_rows, tables

_standing = tables.freight_stage.c
_is_there = _standing.since.is_not(None)


async def candidates(connection: AsyncConnection, stage: Stage) -> list[Freight]:
    """What may enter `stage` now or by time alone: two statements for each origin."""
    found: list[Freight] = []
    for request in stage.spec.requested_freight:
        found.extend(await freight_rows.read(connection, stage.project, _query(stage, request)))
    return found


def _query(stage: Stage, request: RequestedFreight) -> Select[tuple[object, ...]]:
    columns = tables.freight.c
    query = select(tables.freight).where(
        columns.project == stage.project, columns.origin == str(request.origin)
    )
    if stage.spec.control_flow:
        marked = _stands(stage.name, _standing.verified_at.is_not(None))
        return query.where(may_enter(stage, request), ~marked)
    upstream = upstream_to_match(stage, request.origin)
    suits = _stands(upstream, _is_there) if upstream else may_enter(stage, request)
    newest_first = (columns.discovered_at.desc(), columns.name.desc())
    return query.where(suits).order_by(*newest_first).limit(1 + len(request.sources.stages))


def may_enter(stage: Stage, request: RequestedFreight) -> ColumnElement[bool]:
    """Does a Freight of the origin meet the request, now or by time alone?"""
    sources = request.sources
    if sources.direct:
        return true()
    soaked = _standing.longest_soak_seconds >= required_soak(sources).total_seconds()
    ripens = and_(_standing.verified_at.is_not(None), or_(_is_there, soaked))
    ways = [_stands(upstream, ripens) for upstream in sources.stages]
    if ways and sources.availability_strategy == "All":
        ways = [and_(*ways)]
    return or_(_stands(stage.name, _standing.approved_at.is_not(None)), *ways)


def _stands(stage: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Does the Freight's standing in a Stage satisfy a condition?"""
    columns = tables.freight.c
    return (
        exists()
        .where(_standing.project == columns.project, _standing.freight == columns.name)
        .where(_standing.stage == stage, condition)
    )
