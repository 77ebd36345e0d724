"""`ferryman update`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import render
from cli.client import connect
from cli.commands.options import Project
from cli.failures import UsageError
from cli.nouns import reference
from cli.paths import inside

updates = typer.Typer(help="Change something of what there is.", no_args_is_help=True)


@updates.callback()
def _group() -> None:
    """Keep `freight` a word of its own, as long as it is the only one."""


@updates.command()
def freight(
    *,
    called: Annotated[
        str | None,
        typer.Argument(metavar="[NAME|ALIAS]", help="Which Freight.", show_default=False),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Which, by name.", metavar="NAME")] = None,
    old_alias: Annotated[str | None, typer.Option(help="Which, by alias.", metavar="ALIAS")] = None,
    new_alias: Annotated[
        str, typer.Option(help="How to call it from now on.", metavar="ALIAS", show_default=False)
    ],
    project: Project = None,
) -> None:
    """Give Freight another alias."""
    chosen = [found for found in (called, name, old_alias) if found]
    if len(chosen) != 1:
        raise UsageError(
            "which freight? Write `update freight NAME --new-alias ALIAS`; "
            "instead of NAME you may give --name or --old-alias"
        )
    with connect() as client:
        path = inside(project, "freight", chosen[0], "alias")
        answer = client.send("PATCH", path, {"newAlias": new_alias})
    render.line(f"{reference(answer.data)} is now called {answer.data['alias']}")
