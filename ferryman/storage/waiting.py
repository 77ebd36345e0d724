"""Waiting: what the steps of a running Promotion wait for, on it and on its Stage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.promotion import Phase, Unmet
from ferryman.domain.stage import Stage, StageStatus
from ferryman.domain.verification import running_on, waiting
from ferryman.storage import events, promotion_rows
from ferryman.storage.events import About
from ferryman.storage.resources import Resources


async def note(
    connection: AsyncConnection,
    resources: Resources,
    row: Row[Any],
    unmet: Unmet,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note what a step waits for, beside what others do, and warn on the Stage."""
    if row.phase != Phase.RUNNING:
        return
    noted = [*_others(row, unmet.step), unmet.dump()]
    await promotion_rows.change(connection, row.project, row.name, waiting=noted, touched_at=now)
    for about in (
        About("Stage", row.project, row.stage),
        About("Promotion", row.project, row.name),
    ):
        await events.warn(connection, about, unmet.reason, unmet.message, actor=actor, now=now)
    await _observe(connection, resources, row, lambda s: waiting(s, unmet, now))


async def over(connection: AsyncConnection, resources: Resources, row: Row[Any], step: str) -> None:
    """A step waits no more."""
    left = _others(row, step)
    if row.phase != Phase.RUNNING or len(left) == len(row.waiting):
        return
    await promotion_rows.change(connection, row.project, row.name, waiting=left)
    if not left:
        await _observe(connection, resources, row, running_on)


def _others(row: Row[Any], step: str) -> list[dict[str, Any]]:
    """What other steps wait for; older releases did not say whose it was."""
    return [unmet for unmet in row.waiting if unmet.get("step") not in {step, "", None}]


async def _observe(
    connection: AsyncConnection,
    resources: Resources,
    row: Row[Any],
    change: Callable[[StageStatus], StageStatus],
) -> None:
    """Say on the Stage, where it is still there, how its Promotion fares."""
    with suppress(NotFoundError):
        stage = await resources.load(connection, Stage, row.project, row.stage, lock=True)
        new = stage.model_copy(update={"status": change(stage.status)})
        await resources.set_status(connection, new)
