"""Setup: what must be there before `python -m api` and `python -m worker` run alone."""

from __future__ import annotations

import asyncio

from ferryman.domain.errors import TemporaryError
from ferryman.settings import Settings, TemporalSettings
from server.folder import opened
from server.store import prepared_store
from starter.namespace import prepare

_PATIENCE = 30.0
"""Seconds; a cluster needs ten of them to notice that it has a new namespace."""


async def set_up(settings: Settings) -> None:
    """Migrate the store, name its admin, and prepare the Temporal namespace; may be repeated.

    Raises FerrymanError, with what to do, where either does not answer.
    """
    with opened(settings.data) as folder:
        await prepared_store(settings, folder)
    await _prepared(settings.temporal)


async def _prepared(temporal: TemporalSettings) -> None:
    clock = asyncio.get_running_loop().time
    deadline = clock() + _PATIENCE
    while True:
        try:
            return await prepare(temporal)
        except TemporaryError:
            if clock() > deadline:
                raise
        await asyncio.sleep(1)
