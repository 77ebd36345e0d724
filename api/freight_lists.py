"""Lists of Freight: pages of the newest, and windows on them that stay open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from api.context import Context
from api.paging import position
from api.shapes.freight_query import FreightQuery
from ferryman.domain.freight import Freight
from ferryman.domain.stage import Stage
from ferryman.storage.freight_pages import Page, Position, Wanted

_BEGINNING = Position(datetime(1970, 1, 1, tzinfo=UTC), "")


async def page(context: Context, project: str, query: FreightQuery) -> Page:
    """The page that a query asks for; raises NotFoundError for a Stage that is not there."""
    return await context.store.freight.page(
        await _wanted(context, project, query), now=context.now()
    )


async def _wanted(context: Context, project: str, query: FreightQuery) -> Wanted:
    stages = context.store.resources
    return Wanted(
        project,
        origins=query.warehouses,
        stage=await stages.get(Stage, project, query.stage) if query.stage else None,
        before=position(query.continue_) if query.continue_ else None,
        limit=query.limit,
    )


@dataclass
class Window:
    """What a watcher sees: a page at first, and from its oldest on whatever comes.

    What leaves it has therefore gone, or may not enter the Stage any more.
    """

    context: Context
    project: str
    query: FreightQuery
    since: Position | None = None

    async def look(self) -> Sequence[Freight]:
        """What is to be seen now, in the order that was asked for."""
        wanted = await _wanted(self.context, self.project, self.query)
        if self.since:
            wanted = replace(wanted, since=self.since, limit=None)
        seen = await self.context.store.freight.page(wanted, now=self.context.now())
        if self.since is None:
            self.since = Position.of(seen.items[-1]) if seen.has_more else _BEGINNING
        return seen.items if self.query.reverse else list(reversed(seen.items))
