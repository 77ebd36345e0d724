"""The embedded server: Temporal, store, worker and API, brought up in order and kept up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from ferryman.settings import Settings
from server.folder import DataFolder, opened
from server.leftovers import end_leftovers
from server.parts import api_program, api_url, local, worker_program
from server.ports import LOOPBACK, require_free
from server.program import Tell, kept
from server.store import prepared_store
from server.temporal import embedded_address, temporal_program
from starter.namespace import prepare


@dataclass(frozen=True)
class Running:
    """What runs, and how it is reached."""

    settings: Settings
    """As the parts got them: with the data folder's whole path, and Temporal's address."""
    token: str
    api_url: str
    temporal_ui_url: str
    """"" with a Temporal of one's own, whose UI we do not know."""


@asynccontextmanager
async def embedded(settings: Settings, tell: Tell) -> AsyncIterator[Running]:
    """Run everything while the block lasts; entered once all of it is ready.

    `tell` gets a sentence whenever something ended by itself and is started again. Raises
    FerrymanError, with what to do, for whatever keeps a part from starting.
    """
    own_temporal = not settings.temporal.address
    with opened(settings.data) as folder:
        settings = settings.model_copy(update={"data": folder.path})
        end_leftovers(folder.children, tell)
        await _require_ports(settings, own_temporal=own_temporal)
        async with AsyncExitStack() as parts:
            if own_temporal:
                temporal = kept(temporal_program(settings, folder), folder, tell)
                answering = await parts.enter_async_context(temporal)
                settings = settings.model_copy(update={"temporal": embedded_address(settings)})
                token = await prepared_store(settings, folder)  # while Temporal comes up
                await answering
            else:
                token = await prepared_store(settings, folder)
                await prepare(settings.temporal)
            settings = settings.model_copy(update={"admin_token": SecretStr(token)})
            await _start(parts, settings, folder, tell)
            yield _running(settings, token, own_temporal=own_temporal)


async def _require_ports(settings: Settings, *, own_temporal: bool) -> None:
    await require_free(settings.host, settings.port, option="--port")
    if own_temporal:
        await require_free(LOOPBACK, settings.temporal_port, option="--temporal-port")
        await require_free(settings.host, settings.temporal_ui_port, option="--temporal-ui-port")


async def _start(parts: AsyncExitStack, settings: Settings, folder: DataFolder, tell: Tell) -> None:
    # What starts last stops first: the API takes nothing in that no worker is left to do.
    programs = (worker_program(settings), api_program(settings))
    ready = [await parts.enter_async_context(kept(p, folder, tell)) for p in programs]
    await asyncio.gather(*ready)


def _running(settings: Settings, token: str, *, own_temporal: bool) -> Running:
    ui = f"http://{local(settings.host)}:{settings.temporal_ui_port}" if own_temporal else ""
    return Running(settings, token, api_url(settings), ui)
