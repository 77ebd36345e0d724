"""The journal: every change of a step or a Promotion, written by the database itself.

Triggers write it in the transaction of the change, so that it knows of all that was committed and
of nothing else, whoever dies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from ferryman.domain.errors import FerrymanError
from ferryman.storage.database import Database

_LOOK = 0.02

_COLUMNS = "at, project, promotion, path, uses, attempt, worker, was, became"
_STEP = "NEW.project, NEW.promotion, NEW.path, NEW.uses, NEW.attempt, NEW.worker, {was}, NEW.status"
_PROMOTION = "NEW.project, NEW.name, '', '', 0, '', {was}, NEW.phase"
_CHANGED = {
    "step": "NEW.status <> OLD.status OR NEW.attempt <> OLD.attempt",
    "promotion": "NEW.phase <> OLD.phase",
}
_VALUES = {
    ("step", "INSERT"): _STEP.format(was="''"),
    ("step", "UPDATE"): _STEP.format(was="OLD.status"),
    ("promotion", "INSERT"): _PROMOTION.format(was="''"),
    ("promotion", "UPDATE"): _PROMOTION.format(was="OLD.phase"),
}
_SQLITE_NOW = "(julianday('now') - 2440587.5) * 86400.0"
_POSTGRES_NOW = "extract(epoch from clock_timestamp())"


@dataclass(frozen=True)
class Entry:
    """One change; `path` is "" where it is the Promotion's own."""

    id: int
    at: float
    """Seconds since the epoch."""
    project: str
    promotion: str
    path: str
    uses: str
    attempt: int
    worker: str
    was: str
    """Status of the step, or phase of the Promotion, before; "": there was none."""
    became: str

    @property
    def of(self) -> tuple[str, str]:
        """Project and Promotion."""
        return self.project, self.promotion

    @property
    def claimed(self) -> bool:
        """Did an attempt at a step begin?"""
        return bool(self.path) and self.became == "Running"

    @property
    def ended(self) -> bool:
        """Did a step end?"""
        return bool(self.path) and self.was == "Running" and self.became != "Running"


class Journal:
    """Reads along while it is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._moved = asyncio.Event()
        self.entries: list[Entry] = []

    async def begin(self) -> None:
        """Make table and triggers."""
        async with self._database.write() as connection:
            for statement in _sqlite() if self._database.sqlite else _postgres():
                await connection.execute(text(statement))

    async def follow(self) -> None:
        """Read what is new, until cancelled."""
        while True:
            with suppress(FerrymanError):  # the database is down
                await self.catch_up()
            await asyncio.sleep(_LOOK)

    async def catch_up(self) -> None:
        """Read what is new, once."""
        last = self.entries[-1].id if self.entries else 0
        query = text("SELECT * FROM chaos_journal WHERE id > :last ORDER BY id")
        async with self._database.read() as connection:
            rows = (await connection.execute(query, {"last": last})).all()
        if rows:
            self.entries += [Entry(**row._asdict()) for row in rows]
            self._moved.set()
            self._moved = asyncio.Event()

    async def next(self, wanted: Callable[[Entry], Any], *, seconds: float) -> Entry | None:
        """The first entry from now on that is wanted; None when none comes in time."""
        seen = len(self.entries)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    for entry in self.entries[seen:]:
                        if wanted(entry):
                            return entry
                    seen = len(self.entries)
                    await self._moved.wait()
        return None


def _sqlite() -> list[str]:
    table = (
        "CREATE TABLE chaos_journal (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, project TEXT, "
        "promotion TEXT, path TEXT, uses TEXT, attempt INTEGER, worker TEXT, was TEXT, became TEXT)"
    )
    return [
        table,
        *(
            f"CREATE TRIGGER chaos_{of}_{event} AFTER {event} ON {of} {_when(of, event)} "
            f"BEGIN {_insert(values, _SQLITE_NOW)}; END"
            for (of, event), values in _VALUES.items()
        ),
    ]


def _postgres() -> list[str]:
    table = (
        "CREATE TABLE chaos_journal (id BIGSERIAL PRIMARY KEY, at DOUBLE PRECISION, project TEXT, "
        "promotion TEXT, path TEXT, uses TEXT, attempt INTEGER, worker TEXT, was TEXT, became TEXT)"
    )
    statements = [table]
    for (of, event), values in _VALUES.items():
        name = f"chaos_{of}_{event}"
        body = f"BEGIN {_insert(values, _POSTGRES_NOW)}; RETURN NULL; END"
        each = f"AFTER {event} ON {of} FOR EACH ROW {_when(of, event)}"
        statements += [
            f"CREATE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {name} {each} EXECUTE FUNCTION {name}()",
        ]
    return statements


def _when(of: str, event: str) -> str:
    return f"WHEN ({_CHANGED[of]})" if event == "UPDATE" else ""


def _insert(values: str, now: str) -> str:
    # The values are our own constants: nothing in them comes from outside.
    return f"INSERT INTO chaos_journal ({_COLUMNS}) VALUES ({now}, {values})"  # noqa: S608
