"""Steps: each row belongs to one attempt, and only that attempt may write to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.errors import FencedError
from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepExecution, StepStatus
from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.step_rows import blank, execution
from ferryman.storage.upsert import insert_into
from ferryman.storage.vault import Vault

_KEY = ("project", "promotion", "run", "path")


@dataclass(frozen=True)
class StepKey:
    """One attempt at one step."""

    project: str
    promotion: str
    run: int
    path: str
    attempt: int


@dataclass(frozen=True)
class StepFacts:
    """What does not change from attempt to attempt."""

    position: int
    alias: str
    uses: str
    continue_on_error: bool = False


@dataclass(frozen=True)
class StepRecord:
    """A step as it was recorded, opened."""

    execution: StepExecution
    config: Any = field(default=None, repr=False)
    output: Any = field(default=None, repr=False)
    sensitive: bool = False
    pins: Mapping[str, Any] = field(default_factory=dict, repr=False)
    log: str = field(default="", repr=False)
    tree: str = ""


@dataclass(frozen=True)
class StepEnd:
    """How one attempt ended."""

    status: StepStatus
    message: str = ""
    output: Any = field(default=None, repr=False)
    sensitive: bool = False
    """A secret flowed into the output: people see it masked."""
    config: Any = field(default=None, repr=False)
    pins: Mapping[str, Any] = field(default_factory=dict, repr=False)
    log: str = field(default="", repr=False)
    tree: str = ""
    error: bool = False


class Steps:
    """Claims steps, and records what became of them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def claim(
        self, key: StepKey, facts: StepFacts, *, worker: str, now: datetime
    ) -> dict[str, StepRecord]:
        """Make the step this attempt's own; gives every step recorded so far, by path.

        One that has ended stays as it is: an earlier attempt's answer was lost, its work was not.
        Raises FencedError when a newer attempt has it, or the Promotion does not run any more.
        """
        async with self._database.write() as connection:
            claimed = await _wanted(connection, key) and await _claim(
                connection, key, facts, worker, now
            )
            records = await self._records(connection, key.project, key.promotion, key.run)
        record = records.get(key.path)
        if not claimed and (record is None or record.execution.status is StepStatus.RUNNING):
            raise FencedError(f"step {key.path}: attempt {key.attempt} came too late")
        return records

    async def confirm(
        self, key: StepKey, *, config: Any = None, pins: Mapping[str, Any] | None = None
    ) -> None:
        """Check, just before an effect, that the step is still this attempt's; keep `pins`.

        Raises FencedError when it is not, or when the Promotion is to end.
        """
        values: dict[str, Any] = {"worker": tables.step.c.worker}
        if pins is not None:
            values |= {"pins": self._vault.seal(dict(pins)), "config": self._vault.seal(config)}
        wanted = select(tables.promotion.c.name).where(*_running(key)).exists()
        mine = update(tables.step).where(*_mine(key), wanted).values(**values)
        async with self._database.write() as connection:
            if (await connection.execute(mine)).rowcount != 1:
                raise _fenced(key)

    async def end(self, key: StepKey, end: StepEnd, *, now: datetime) -> None:
        """Record how this attempt ended; raises FencedError when it is not the newest.

        Once an abort is asked for, any ending is Aborted.
        """
        values = {
            "message": end.message,
            "finished_at": now if end.status.ended else None,
            "output": self._vault.seal({"value": end.output, "sensitive": end.sensitive}),
            "config": self._vault.seal(end.config),
            "pins": self._vault.seal(dict(end.pins)),
            "log": self._vault.seal(end.log),
            "tree": end.tree,
            "error_count": tables.step.c.error_count + (1 if end.error else 0),
        }
        async with self._database.write() as connection:
            aborted = await _touch(connection, key, now)
            status = StepStatus.ABORTED if aborted and end.status.ended else end.status
            mine = update(tables.step).where(*_mine(key)).values(status=status, **values)
            if (await connection.execute(mine)).rowcount != 1:
                raise _fenced(key)

    async def recorded(self, project: str, promotion: str, run: int) -> dict[str, StepRecord]:
        """Every step of a run, in order, by path."""
        async with self._database.read() as connection:
            return await self._records(connection, project, promotion, run)

    async def _records(
        self, connection: AsyncConnection, project: str, promotion: str, run: int
    ) -> dict[str, StepRecord]:
        columns = tables.step.c
        query = select(tables.step).where(
            columns.project == project, columns.promotion == promotion, columns.run == run
        )
        rows = await connection.execute(query.order_by(columns.position))
        return {row.path: self._record(row) for row in rows}

    def _record(self, row: Row[Any]) -> StepRecord:
        output = self._vault.open(row.output) or {}
        return StepRecord(
            execution=execution(row),
            config=self._vault.open(row.config),
            output=output.get("value"),
            sensitive=output.get("sensitive", False),
            pins=self._vault.open(row.pins) or {},
            log=self._vault.open(row.log) or "",
            tree=row.tree,
        )


async def _wanted(connection: AsyncConnection, key: StepKey) -> bool:
    """Does the Promotion run? It stays so until this transaction ends."""
    query = select(tables.promotion.c.name).where(*_running(key))
    return (await connection.execute(query.with_for_update(read=True))).first() is not None


async def _claim(
    connection: AsyncConnection, key: StepKey, facts: StepFacts, worker: str, now: datetime
) -> bool:
    """Begin the step, or take it over from an older attempt; False when there is none."""
    first = {
        **blank(position=facts.position, alias=facts.alias, uses=facts.uses),
        **vars(key),
        "continue_on_error": facts.continue_on_error,
        "status": StepStatus.RUNNING,
        "executions": 1,
        "worker": worker,
        "started_at": now,
    }
    insert = insert_into(connection, tables.step).values(**first)
    columns, new = tables.step.c, insert.excluded
    insert = insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "attempt": new.attempt,
            "worker": new.worker,
            "executions": columns.executions + 1,
        },
        where=(columns.attempt < new.attempt) & (columns.status == StepStatus.RUNNING),
    )
    return (await connection.execute(insert)).rowcount == 1


async def _touch(connection: AsyncConnection, key: StepKey, now: datetime) -> bool:
    """Say that the Promotion moves, locking it before its step as all do; is it to be aborted?"""
    columns = tables.promotion.c
    touched = await connection.execute(
        update(tables.promotion)
        .where(columns.project == key.project, columns.name == key.promotion)
        .values(touched_at=now)
        .returning(columns.abort_requested)
    )
    return bool(touched.scalar())


def _running(key: StepKey) -> tuple[ColumnElement[bool], ...]:
    columns = tables.promotion.c
    return (
        columns.project == key.project,
        columns.name == key.promotion,
        columns.phase == Phase.RUNNING,
        columns.abort_requested.is_(False),
    )


def _mine(key: StepKey) -> tuple[ColumnElement[bool], ...]:
    columns = tables.step.c
    at = (columns[name] == getattr(key, name) for name in _KEY)
    return (*at, columns.attempt == key.attempt, columns.status == StepStatus.RUNNING)


def _fenced(key: StepKey) -> FencedError:
    return FencedError(f"step {key.path}: attempt {key.attempt} is not the newest, or not wanted")
