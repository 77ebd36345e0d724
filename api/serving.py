"""Serving: the parts of an API process, put together and run."""

from __future__ import annotations

import socket

import uvicorn

from api.app import create_app
from api.late_nudges import LateNudges
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Nudges
from ferryman.settings import Settings
from ferryman.storage.database import Database
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault
from starter.connection import connect
from starter.nudges import TemporalNudges

_DRAIN = 5
"""Seconds that requests have to end once the process should."""


async def serve(settings: Settings) -> None:
    """Serve until a signal says to stop; raises InvalidError for a port that cannot be used."""

    async def connected() -> Nudges:
        return TemporalNudges(await connect(settings.temporal))

    listener = _listener(settings)
    store = Store(
        Database(settings.store_url()),
        Vault(*settings.keys()),
        proof_required=settings.decisions_need_proof,
    )
    config = uvicorn.Config(
        create_app(store, LateNudges(connected), settings),
        timeout_graceful_shutdown=_DRAIN,
        log_level="warning",
        access_log=False,  # paths of webhooks are secrets
        server_header=False,
    )
    try:
        await uvicorn.Server(config).serve(sockets=[listener])
    finally:
        await store.close()


def _listener(settings: Settings) -> socket.socket:
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise InvalidError(
            f"port {settings.port} on {settings.host} cannot be used ({reason}): "
            "stop what uses it, or choose another with FERRYMAN_PORT"
        ) from error
