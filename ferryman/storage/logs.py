"""Logs: what steps say, line by line, while their attempt is the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.log import LogLine
from ferryman.storage import claims, tables
from ferryman.storage.claims import StepKey
from ferryman.storage.database import Database
from ferryman.storage.vault import Vault

MOST: Final = 1024 * 1024
"""Bytes that are kept of one step's log in one run: half of them its beginning."""
_PIECE: Final = 32 * 1024
"""Bytes in a row, about."""
_LONGEST_LINE: Final = 8 * 1024
"""Characters."""


class Said(NamedTuple):
    """A line, as a step says it."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Page:
    """Some lines, and where later ones begin."""

    lines: tuple[LogLine, ...]
    last: int


class Logs:
    """Appends to logs of steps that run, and reads all of them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def append(self, key: StepKey, said: Sequence[Said]) -> None:
        """Add lines; raises FencedError when the step is another attempt's by now.

        One that was aborted may still say its last words.
        """
        step = select(tables.step.c.path)
        mine = step.where(*claims.mine(key)).union(step.where(*claims.aborted(key)))
        async with self._database.write() as connection:
            # One after the other, as everywhere: so that later lines have higher numbers.
            await claims.lock(connection, key)
            if (await connection.execute(mine)).first() is None:
                raise claims.fenced(key)
            await write(connection, self._vault, key, said)

    async def read(
        self, project: str, promotion: str, *, step: str = "", run: int = 0, after: int = 0
    ) -> Page:
        """A Promotion's log since row `after`, in the order in which it came.

        Of one step (its path), or of one run, if that is given.
        """
        columns, of = tables.step_log.c, tables.step.c
        whose = [columns[name] == of[name] for name in ("project", "promotion", "run", "path")]
        query = select(tables.step_log, of.alias).join(
            tables.step, whose[0] & whose[1] & whose[2] & whose[3]
        )
        query = query.where(columns.project == project, columns.promotion == promotion)
        if step:
            query = query.where(columns.path == step)
        if run:
            query = query.where(columns.run == run)
        async with self._database.read() as connection:
            found = await connection.execute(query.where(columns.id > after).order_by(columns.id))
        rows = found.all()
        ends: dict[tuple[int, str], int] = {}
        lines: list[LogLine] = []
        for row in rows:
            lines.extend(self._lines(row, ends.get((row.run, row.path))))
            ends[row.run, row.path] = row.first + row.count
        return Page(tuple(lines), rows[-1].id if rows else after)

    def _lines(self, row: Row[Any], expected: int | None) -> Iterator[LogLine]:
        facts = {"step": row.path, "alias": row.alias, "run": row.run, "attempt": row.attempt}
        if expected is not None and row.first > expected:
            text = (
                f"… {row.first - expected} lines are left out: {MOST >> 20} MiB is kept of a step …"
            )
            yield LogLine(at=row.at, text=text, **facts)
        for at, text in self._vault.open(row.lines):
            yield LogLine(at=datetime.fromisoformat(at), text=text, **facts)


async def write(
    connection: AsyncConnection, vault: Vault, key: StepKey, said: Sequence[Said]
) -> None:
    """Add lines within the caller's transaction, which has made sure that they may be added."""
    if not said:
        return
    columns = tables.step_log.c
    held = select(func.sum(columns.size), func.max(columns.first + columns.count))
    size, first = (await connection.execute(held.where(*_of(key)))).one()
    size, first = size or 0, first or 0
    rows = []
    for piece in _pieces(said):
        lines = [[line.at.isoformat(), line.text] for line in piece]
        row = {
            **{name: getattr(key, name) for name in ("project", "promotion", "run", "path")},
            "attempt": key.attempt,
            "at": piece[0].at,
            "first": first,
            "count": len(lines),
            "size": sum(len(line.text.encode()) for line in piece),
            "lines": vault.seal(lines),
        }
        rows.append(row)
        first, size = first + len(lines), size + row["size"]
    await connection.execute(insert(tables.step_log), rows)
    if size > MOST:
        await _shorten(connection, key, size)


async def _shorten(connection: AsyncConnection, key: StepKey, size: int) -> None:
    """Take rows out of the middle, some more than need be, so that it is not done each time."""
    columns = tables.step_log.c
    query = select(columns.id, columns.size).where(*_of(key)).order_by(columns.id)
    before, gone = 0, []
    for row in await connection.execute(query):
        if before > MOST // 2 and size > MOST * 3 // 4:
            gone.append(row.id)
            size -= row.size
        before += row.size
    await connection.execute(delete(tables.step_log).where(columns.id.in_(gone)))


def _of(key: StepKey) -> list[Any]:
    columns = tables.step_log.c
    names = ("project", "promotion", "run", "path")
    return [columns[name] == getattr(key, name) for name in names]


def _pieces(said: Sequence[Said]) -> Iterator[list[Said]]:
    piece: list[Said] = []
    size = 0
    for at, text in said:
        cut = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
        piece.append(Said(at, cut))
        size += len(cut)
        if size > _PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
