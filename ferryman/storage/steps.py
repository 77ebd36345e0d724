"""Steps: each row belongs to one attempt, and only that attempt may write to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.errors import FencedError
from ferryman.domain.promotion import Promotion
from ferryman.domain.secret import REDACTED
from ferryman.domain.status_change import StatusChange
from ferryman.domain.step import StepExecution, StepStatus
from ferryman.storage import claims, logs, status_changes, tables
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.database import Database
from ferryman.storage.logs import Said
from ferryman.storage.step_rows import execution, in_order
from ferryman.storage.vault import Vault


@dataclass(frozen=True)
class StepRecord:
    """A step as it was recorded, opened."""

    execution: StepExecution
    config: Any = field(default=None, repr=False)
    output: Any = field(default=None, repr=False)
    sensitive: bool = False
    pins: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tree: str = ""
    tree_order: int | None = None
    """Which of the steps that left a tree it was, in the order in which they ended."""
    condition_held: bool = False
    """Its `if` was found true; it is not asked again (Kargo §14.22)."""


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
    lines: tuple[Said, ...] = field(default=(), repr=False)
    """What it said since its log was last written."""
    tree: str = ""
    """What the step left; "" when it left nothing or did not end well."""
    stands_on: int | None = None
    """Which tree it found; where there is a newer one by now, its own is of no use."""
    error: bool = False
    keys: tuple[str, ...] | None = None
    """Of a loop: what its items are called."""
    records: tuple[StatusChange, ...] = ()
    """What else becomes true with it."""


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
            claimed = await claims.wanted(connection, key) and await claims.claim(
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
        values: dict[str, Any] = {"acting": True}
        if pins is not None:
            values |= {"pins": self._vault.seal(dict(pins)), "config": self._vault.seal(config)}
        wanted = select(tables.promotion.c.name).where(*claims.running(key)).exists()
        mine = update(tables.step).where(*claims.mine(key), wanted).values(**values)
        async with self._database.write() as connection:
            if (await connection.execute(mine)).rowcount != 1:
                raise claims.fenced(key)

    async def hold(self, key: StepKey) -> None:
        """Note that the step's `if` was true; raises FencedError when it is another's by now."""
        mine = update(tables.step).where(*claims.mine(key)).values(condition_held=True)
        async with self._database.write() as connection:
            if (await connection.execute(mine)).rowcount != 1:
                raise claims.fenced(key)

    async def end(self, key: StepKey, end: StepEnd, *, now: datetime) -> None:
        """Record how this attempt ended; raises FencedError when it is not the newest.

        So it does when another step has left a tree meanwhile: that is not in this one's.

        Once an abort is asked for, any ending is Aborted. What the step says of Freight and
        Stages is written with it; raises NotFoundError or ConflictError, and then ends nothing,
        if it cannot be.
        """
        values = {
            "message": end.message,
            "finished_at": now if end.status.ended else None,
            "output": self._vault.seal({"value": end.output, "sensitive": end.sensitive}),
            "config": self._vault.seal(end.config),
            "pins": self._vault.seal(dict(end.pins)),
            "resting": not end.status.ended,
            "acting": False,
            "tree": end.tree,
            "tree_order": claims.newest_tree(key) + 1 if end.tree else None,
            "keys": end.keys,
            "error_count": tables.step.c.error_count + (1 if end.error else 0),
        }
        async with self._database.write() as connection:
            aborted = await claims.touch(connection, key, now)
            status = StepStatus.ABORTED if aborted and end.status.ended else end.status
            mine = update(tables.step).where(*claims.mine(key)).values(status=status, **values)
            if end.tree and end.stands_on is not None:
                mine = mine.where(claims.newest_tree(key) == end.stands_on)
            if (await connection.execute(mine)).rowcount != 1:
                raise claims.fenced(key)
            await logs.write(connection, self._vault, key, end.lines)
            if not aborted:
                await status_changes.make(connection, key.project, end.records)

    async def recorded(self, project: str, promotion: str, run: int) -> dict[str, StepRecord]:
        """Every step of a run, in order, by path."""
        async with self._database.read() as connection:
            return await self._records(connection, project, promotion, run)

    async def state(self, promotion: Promotion) -> dict[str, Any]:
        """What people may see of a Promotion's outputs, by alias; what is sensitive is masked."""
        records = await self.recorded(promotion.project, promotion.name, promotion.status.run)
        return {
            record.execution.alias: REDACTED if record.sensitive else record.output
            for record in records.values()
            if record.output
        }

    async def _records(
        self, connection: AsyncConnection, project: str, promotion: str, run: int
    ) -> dict[str, StepRecord]:
        columns = tables.step.c
        query = select(tables.step).where(
            columns.project == project, columns.promotion == promotion, columns.run == run
        )
        rows = sorted(await connection.execute(query), key=in_order)
        return {row.path: self._record(row) for row in rows}

    def _record(self, row: Row[Any]) -> StepRecord:
        output = self._vault.open(row.output) or {}
        return StepRecord(
            execution=execution(row),
            config=self._vault.open(row.config),
            output=output.get("value"),
            sensitive=output.get("sensitive", False),
            pins=self._vault.open(row.pins) or {},
            tree=row.tree,
            tree_order=row.tree_order,
            condition_held=bool(row.condition_held),
        )
