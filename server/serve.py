"""Serve: run everything until told to stop, and say on the terminal what goes on."""

from __future__ import annotations

import asyncio

import typer

from ferryman import __version__
from ferryman.domain.errors import PermanentError
from ferryman.settings import Settings
from server.embedded import Running, embedded
from server.login import write_login
from server.stopping import stoppable


async def serve(settings: Settings) -> None:
    """Run until Ctrl-C or SIGTERM.

    Raises FerrymanError, with what to do, for whatever keeps a part from starting.
    """
    with stoppable(typer.echo):
        async with embedded(settings, typer.echo) as running:
            logged_in = _logged_in(running)  # first: who reads that it is up may use it at once
            typer.echo(f"{_announcement(running)}\n{logged_in}")
            await asyncio.Event().wait()
    typer.echo("Stopped.")


def _logged_in(running: Running) -> str:
    try:
        login = write_login(running.api_url, running.token)
    except PermanentError as error:  # a service may have no home to write to
        return f"The command line is not logged in: {error}"
    return f"The command line is logged in ({login}): try `ferryman get projects`."


def _announcement(running: Running) -> str:
    settings = running.settings
    facts = {
        "API": f"{running.api_url}/docs",
        "Temporal": f"{settings.temporal.address}, namespace {settings.temporal.namespace}",
        "Temporal UI": running.temporal_ui_url,
        "data": settings.data,
        "logs": settings.data / "logs",
    }
    return "\n".join(
        [
            f"Ferryman {__version__} is up; Ctrl-C stops it.",
            *(f"  {name:<12} {value}" for name, value in facts.items() if value),
        ]
    )
