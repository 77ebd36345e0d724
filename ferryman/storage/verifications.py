"""Verifications: Freight that a Stage found good, from now on and for ever (Kargo §14.39b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.actor import controller
from ferryman.domain.stage import Stage
from ferryman.storage import events, standings
from ferryman.storage.events import About


async def mark(
    connection: AsyncConnection, stage: Stage, freight: Sequence[str], now: datetime
) -> None:
    """Say of Freight that the Stage found it good."""
    await standings.verified(connection, stage.project, stage.name, freight, now)
    await events.tell_each(
        connection,
        [About("Freight", stage.project, name) for name in freight],
        "FreightVerificationSucceeded",
        f"verified in stage {stage.name}",
        actor=controller("stage"),
        now=now,
    )
