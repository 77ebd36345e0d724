"""Documents: the bytes of manifests and configs by digest, for all workers; bounded.

A config may quote what should have been a secret, so that all are sealed. Reads and writes are
gathered for a moment: the first look at a repository makes thousands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, func, select, update

from ferryman.domain.errors import FerrymanError, PermanentError
from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.upsert import insert_into
from ferryman.storage.vault import Vault

_LIMIT = 256 * 1024 * 1024
_READING, _WRITING = 0.01, 1.0
"""Seconds for which reads and writes are gathered."""
_MOST_READ = 500
"""Documents that are read at once."""
_USED_AGAIN = timedelta(days=1)
"""A use is noted once in this time."""
_ROOM = 0.9
"""Beyond the limit, the oldest go until this much of it is left."""
_PUTS_BETWEEN_COUNTS = 1000
_MOST_FORGOTTEN = 10_000
"""Documents that are forgotten at once; far more than come between two counts."""
_COLUMNS = tables.document.c
_log = structlog.get_logger()


class Documents:
    """A cache that may lose what it was given, and never returns what it was not."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        limit: int = _LIMIT,
        moment: float = _WRITING,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._vault = vault
        self._limit = limit
        self._moment = moment
        self._clock = clock
        self._wanted: dict[str, asyncio.Future[bytes | None]] = {}
        self._pending: dict[str, bytes] = {}
        self._used: set[str] = set()
        self._uncounted = _PUTS_BETWEEN_COUNTS  # counts once soon after each start
        self._reading: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def get(self, digest: str) -> bytes | None:
        """The bytes that were kept under a digest, or None."""
        if digest in self._pending:
            return self._pending[digest]
        if digest not in self._wanted:
            self._wanted[digest] = asyncio.get_running_loop().create_future()
        future = self._wanted[digest]
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all())
        return await asyncio.shield(future)

    async def put(self, digest: str, content: bytes) -> None:
        """Keep the bytes; they are written in a moment."""
        self._pending[digest] = content
        self._write_soon()

    async def flush(self) -> None:
        """Write what has gathered."""
        pending, self._pending = self._pending, {}
        used, self._used = self._used, set()
        if pending:
            await self._insert(pending)
        if used:
            await self._touch(sorted(used))
        if self._uncounted >= _PUTS_BETWEEN_COUNTS:
            self._uncounted = 0
            await self._trim()

    async def close(self) -> None:
        """Write the rest."""
        for task in filter(None, (self._reading, self._writing)):
            task.cancel()
        for future in self._wanted.values():
            future.cancel()
        await self._safely()

    async def _read_all(self) -> None:
        while self._wanted:
            await asyncio.sleep(_READING)
            some = dict(list(self._wanted.items())[:_MOST_READ])
            for digest in some:
                del self._wanted[digest]
            try:
                found = await self._read(list(some))
            except FerrymanError as error:  # a cache: what cannot be read is fetched again
                await _log.awarning("documents_not_read", error=str(error))
                found = {}
            for digest, future in some.items():
                if not future.done():
                    future.set_result(found.get(digest))

    async def _read(self, digests: Sequence[str]) -> dict[str, bytes]:
        query = select(tables.document).where(_COLUMNS.digest.in_(digests))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        now = self._clock()
        self._used.update(row.digest for row in rows if now - row.used_at > _USED_AGAIN)
        if self._used:
            self._write_soon()
        opened = ((row.digest, self._opened(row.content)) for row in rows)
        return {digest: content for digest, content in opened if content is not None}

    def _opened(self, sealed: bytes) -> bytes | None:
        try:
            return self._vault.open_bytes(sealed)
        except PermanentError:
            return None  # sealed with a key that is given no more

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._later())

    async def _later(self) -> None:
        while self._pending or self._used:
            await asyncio.sleep(self._moment)
            await self._safely()

    async def _safely(self) -> None:
        try:
            await self.flush()
        except FerrymanError as error:  # a cache: what is not kept is fetched again
            await _log.awarning("documents_not_kept", error=str(error))

    async def _insert(self, documents: dict[str, bytes]) -> None:
        rows = await asyncio.to_thread(self._rows, documents)
        async with self._database.write() as connection:
            statement = insert_into(connection, tables.document)
            await connection.execute(statement.on_conflict_do_nothing(), rows)
        self._uncounted += len(rows)

    def _rows(self, documents: dict[str, bytes]) -> list[dict[str, Any]]:
        sealed = {digest: self._vault.seal_bytes(content) for digest, content in documents.items()}
        now = self._clock()
        return [
            {"digest": digest, "content": content, "size": len(content), "used_at": now}
            for digest, content in sealed.items()
        ]

    async def _touch(self, digests: Sequence[str]) -> None:
        statement = update(tables.document).where(_COLUMNS.digest == bindparam("one"))
        now = self._clock()
        async with self._database.write() as connection:
            await connection.execute(
                statement.values(used_at=now), [{"one": digest} for digest in digests]
            )

    async def _trim(self) -> None:
        """Forget what was not used for the longest time, where all together are too large."""
        by_age = select(_COLUMNS.digest, _COLUMNS.size).order_by(_COLUMNS.used_at, _COLUMNS.digest)
        async with self._database.write() as connection:
            size = (await connection.execute(select(func.sum(_COLUMNS.size)))).scalar() or 0
            if size <= self._limit:
                return
            gone = []
            for row in (await connection.execute(by_age.limit(_MOST_FORGOTTEN))).all():
                if size <= self._limit * _ROOM:
                    break
                size -= row.size
                gone.append({"one": row.digest})
            await connection.execute(
                delete(tables.document).where(_COLUMNS.digest == bindparam("one")), gone
            )
