"""Claims: a step's row belongs to its newest attempt, while its Promotion is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.errors import FencedError
from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepStatus
from ferryman.storage import tables
from ferryman.storage.step_rows import blank
from ferryman.storage.upsert import insert_into

_KEY = ("project", "promotion", "run", "path")


@dataclass(frozen=True)
class StepKey:
    """One attempt at one step."""

    project: str
    promotion: str
    run: int
    path: str
    attempt: int
    poll: int = 1
    """Counts how often the attempt looks, where it waits for something."""


@dataclass(frozen=True)
class StepFacts:
    """What does not change from attempt to attempt."""

    place: str
    """In the order of the document: `3.2.1`."""
    alias: str
    uses: str
    continue_on_error: bool = False


async def wanted(connection: AsyncConnection, key: StepKey) -> bool:
    """Does the Promotion run? It stays so until this transaction ends."""
    query = select(tables.promotion.c.name).where(*running(key))
    return (await connection.execute(query.with_for_update(read=True))).first() is not None


async def lock(connection: AsyncConnection, key: StepKey) -> None:
    """Let nobody else write about the Promotion until this transaction ends."""
    columns = tables.promotion.c
    row = (columns.project == key.project, columns.name == key.promotion)
    await connection.execute(select(columns.name).where(*row).with_for_update())


async def claim(
    connection: AsyncConnection, key: StepKey, facts: StepFacts, worker: str, now: datetime
) -> bool:
    """Begin the step, or take it over from an older attempt; False when there is none."""
    first = {
        **blank(place=facts.place, alias=facts.alias, uses=facts.uses),
        **vars(key),
        "continue_on_error": facts.continue_on_error,
        "status": StepStatus.RUNNING,
        "executions": 1,
        "worker": worker,
        "started_at": now,
    }
    insert = insert_into(connection, tables.step).values(**first)
    columns, new = tables.step.c, insert.excluded
    looks_again = (columns.attempt == new.attempt) & (func.coalesce(columns.poll, 1) < new.poll)
    newer = (columns.attempt < new.attempt) | looks_again
    insert = insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "attempt": new.attempt,
            "poll": new.poll,
            "worker": new.worker,
            "executions": columns.executions + 1,
            "resting": False,
            "acting": False,
        },
        where=newer & (columns.status == StepStatus.RUNNING),
    )
    return (await connection.execute(insert)).rowcount == 1


async def touch(connection: AsyncConnection, key: StepKey, now: datetime) -> bool:
    """Say that the Promotion moves, locking it before its step as all do; is it to be aborted?"""
    columns = tables.promotion.c
    touched = await connection.execute(
        update(tables.promotion)
        .where(columns.project == key.project, columns.name == key.promotion)
        .values(touched_at=now)
        .returning(columns.abort_requested)
    )
    return bool(touched.scalar())


def newest_tree(key: StepKey) -> ScalarSelect[int]:
    """How many have left a tree; lock the Promotion's row, so that nobody else counts."""
    columns = tables.step.c
    of_run = (
        columns.project == key.project,
        columns.promotion == key.promotion,
        columns.run == key.run,
    )
    highest = func.coalesce(func.max(columns.tree_order), 0)
    return select(highest).where(*of_run).scalar_subquery()


def running(key: StepKey) -> tuple[ColumnElement[bool], ...]:
    """The Promotion's row while it is wanted."""
    columns = tables.promotion.c
    return (
        columns.project == key.project,
        columns.name == key.promotion,
        columns.run == key.run,
        columns.phase == Phase.RUNNING,
        columns.abort_requested.is_(False),
    )


def mine(key: StepKey) -> tuple[ColumnElement[bool], ...]:
    """The step's row while it is this attempt's."""
    columns = tables.step.c
    at = (columns[name] == getattr(key, name) for name in _KEY)
    return (
        *at,
        columns.attempt == key.attempt,
        func.coalesce(columns.poll, 1) == key.poll,
        columns.status == StepStatus.RUNNING,
    )


def aborted(key: StepKey) -> tuple[ColumnElement[bool], ...]:
    """The step's row once it was taken from this attempt by an abort."""
    columns = tables.step.c
    at = (columns[name] == getattr(key, name) for name in _KEY)
    return (*at, columns.attempt == key.attempt + 1, columns.status == StepStatus.ABORTED)


def fenced(key: StepKey) -> FencedError:
    """What is told to who came too late."""
    return FencedError(f"step {key.path}: attempt {key.attempt} is not the newest, or not wanted")
