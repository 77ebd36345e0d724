"""Sources: what each repository last showed, how it fares, and whose turn it is to ask it.

Rows are found by a keyed hash that holds the credential, and what was shown is sealed: neither
secrets nor the listings of private repositories can be read from the database alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.source import Need, Source, Standing
from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.upsert import insert_if_absent
from ferryman.storage.vault import Vault

_KEPT = timedelta(days=7)
"""A source that nobody has looked at for this long is forgotten."""


@dataclass(frozen=True)
class Shown:
    """A source's row; `content` is plain JSON data, None if it never answered."""

    standing: Standing
    content: Any = None


@dataclass(frozen=True)
class Lease:
    """The right of `owner` to ask a source, from `begun` until `until`."""

    owner: str
    begun: datetime
    until: datetime


class SourceRecords:
    """Reads and writes sources."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def read(self, source: Source) -> Shown:
        """What is known of a source."""
        async with self._database.read() as connection:
            row = await self._row(connection, self.id_of(source))
        if row is None:
            return Shown(Standing())
        return Shown(_standing(row), await asyncio.to_thread(self._vault.open, row.content))

    async def take(self, source: Source, need: Need, lease: Lease) -> bool:
        """Take the lease; False where another owner has it, or where asking has become idle.

        A lease that has run out, or that is one's own from an earlier life, is taken over.
        """
        id_ = self.id_of(source)
        new = {"kind": source.kind, "url": source.url, "failures": 0, "message": ""}
        mine = {"lease_owner": lease.owner, "lease_until": lease.until}
        async with self._database.write() as connection:
            if await insert_if_absent(connection, tables.source, {"id": id_}, new | mine):
                await _forget(connection, before=lease.begun - _KEPT)
                return True
            row = await self._row(connection, id_, lock=True)
            if row is None or _is_held(row, lease):
                return False
            if _standing(row).verdict(need, lease.begun) != "ask":
                return False
            await _set(connection, id_, mine)
        return True

    async def showed(self, source: Source, lease: Lease, content: Any, *, changed: bool) -> None:
        """Write what the source showed, and give the lease back; `changed`: it is new."""
        values = {
            "seen_at": lease.begun,
            "looked_at": lease.begun,
            "failures": 0,
            "message": "",
            "next_attempt_at": None,
        }
        if changed:
            values["content"] = await asyncio.to_thread(self._vault.seal, content)
        await self._end(source, lease, values)

    async def failed(
        self, source: Source, lease: Lease, *, failures: int, message: str, next_: datetime
    ) -> None:
        """Write that the source could not be asked, and give the lease back."""
        values = {
            "looked_at": lease.begun,
            "failures": failures,
            "message": message,
            "next_attempt_at": next_,
        }
        await self._end(source, lease, values)

    async def release(self, source: Source, lease: Lease) -> None:
        """Give the lease back: nothing was learned."""
        await self._end(source, lease, {})

    async def digests(self, source: Source) -> dict[str, str]:
        """The digests that tags of an image repository were found to have."""
        query = select(tables.source.c.digests).where(tables.source.c.id == self.id_of(source))
        async with self._database.read() as connection:
            sealed = (await connection.execute(query)).scalar()
        return await asyncio.to_thread(self._vault.open, sealed) or {}

    async def remember(self, source: Source, digests: Mapping[str, str]) -> None:
        """Replace them."""
        sealed = await asyncio.to_thread(self._vault.seal, dict(digests))
        async with self._database.write() as connection:
            await _set(connection, self.id_of(source), {"digests": sealed})

    def id_of(self, source: Source) -> str:
        """What a source's row is found by."""
        return self._vault.fingerprint([source.kind, *source.identity])

    async def _row(
        self, connection: AsyncConnection, id_: str, *, lock: bool = False
    ) -> Row[Any] | None:
        query = select(tables.source).where(tables.source.c.id == id_)
        return (await connection.execute(query.with_for_update() if lock else query)).first()

    async def _end(self, source: Source, lease: Lease, values: dict[str, Any]) -> None:
        """Write and release, unless the lease was taken over meanwhile."""
        columns = tables.source.c
        mine = (columns.id == self.id_of(source), columns.lease_owner == lease.owner)
        released = {"lease_owner": "", "lease_until": None}
        async with self._database.write() as connection:
            await connection.execute(update(tables.source).where(*mine).values(values | released))


def _standing(row: Row[Any]) -> Standing:
    return Standing(row.seen_at, row.looked_at, row.failures, row.message, row.next_attempt_at)


def _is_held(row: Row[Any], lease: Lease) -> bool:
    by_another = row.lease_owner not in {"", lease.owner}
    return by_another and row.lease_until is not None and row.lease_until > lease.begun


async def _set(connection: AsyncConnection, id_: str, values: dict[str, Any]) -> None:
    await connection.execute(update(tables.source).where(tables.source.c.id == id_).values(values))


async def _forget(connection: AsyncConnection, *, before: datetime) -> None:
    await connection.execute(delete(tables.source).where(tables.source.c.looked_at < before))
