"""Writing: from checked entries to the store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from api.context import Context
from api.entries import Entry, Mode
from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import Freight
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.resource import Resource
from ferryman.storage.resources import Applied, Declared


@dataclass(frozen=True)
class Writing:
    """Stores and makes what the entries of one request ask for; they were checked before."""

    context: Context
    actor: Actor
    mode: Mode
    now: datetime
    dry_run: bool = False

    async def declare(self, entries: Sequence[Entry]) -> None:
        """Store what is declared, all of it or nothing."""
        new = [Declared(e.resource, e.item.unsupported) for e in entries if e.resource]
        store = self.context.store.resources
        put = (
            self._rehearse(new)
            if self.dry_run
            else store.apply(new, actor=self.actor, now=self.now)
        )
        for entry, applied in zip(entries, await put, strict=True):
            entry.became(applied.resource, applied.outcome)

    async def make(self, entry: Entry) -> None:
        """Make the record that an entry asks for."""
        match entry.resource:
            case None:
                entry.outcome = "ignored"
            case Freight() as freight:
                await self._mint(entry, freight)
            case Promotion() as promotion:
                await self._promote(entry, promotion)
            case _:
                pass

    async def _mint(self, entry: Entry, freight: Freight) -> None:
        store = self.context.store.freight
        try:
            known = await store.get(freight.project, freight.name)
        except NotFoundError:
            if not self.dry_run:
                freight, _ = await store.mint(freight, actor=self.actor, now=self.now)
            entry.became(freight, "created")
            return
        if freight.alias not in {"", known.alias}:
            entry.warnings.append(f"{entry.item.about}: is known as {known.alias}, and stays so")
        entry.became(known, "unchanged")

    async def _promote(self, entry: Entry, wanted: Promotion) -> None:
        spec, project = wanted.spec, wanted.project
        newest = await self.context.store.promotions.list(project, stage=spec.stage, limit=1)
        if self.mode != "create" and newest and _does(newest[0], wanted):
            entry.became(newest[0], "unchanged")
        elif self.dry_run:
            entry.outcome = "created"
        else:
            gates = self.context.store.gates
            made = await gates.promote(
                project, spec.stage, freight=spec.freight, actor=self.actor, now=self.now
            )
            entry.became(made, "created")

    async def _rehearse(self, new: Sequence[Declared]) -> list[Applied]:
        """What storing would do, in a transaction that is taken back."""
        store = self.context.store
        applied: list[Applied] = []
        with suppress(_TakeBackError):
            async with store.database.write() as connection:
                for one in new:
                    put = store.resources.put(connection, one, actor=self.actor, now=self.now)
                    applied.append(await put)
                raise _TakeBackError
        return applied


class _TakeBackError(Exception):
    """Rolls a rehearsal back."""


def is_declared(resource: Resource | None) -> bool:
    """Is it kept as it was written? Freight and Promotions are records instead."""
    return resource is not None and not isinstance(resource, Freight | Promotion)


def _does(existing: Promotion, wanted: Promotion) -> bool:
    """Is what is wanted on its way or done already?"""
    phase = existing.status.phase
    on_its_way_or_done = not phase.terminal or phase is Phase.SUCCEEDED
    return existing.spec.freight == wanted.spec.freight and on_its_way_or_done
