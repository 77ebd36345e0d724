"""`ferryman create`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import render
from cli.client import connect
from cli.commands.options import Project
from cli.nouns import reference
from cli.paths import inside

creations = typer.Typer(help="Make something of what there is.", no_args_is_help=True)

_CREATED = 201


@creations.callback()
def _group() -> None:
    """Keep `freight` a word of its own, as long as it is the only one."""


@creations.command()
def freight(
    *,
    warehouse: Annotated[
        str, typer.Option(help="Where it was discovered.", metavar="NAME", show_default=False)
    ],
    image: Annotated[
        list[str] | None, typer.Option(help="An image.", metavar="REPO:TAG|REPO@DIGEST")
    ] = None,
    commit: Annotated[
        list[str] | None, typer.Option(help="A commit.", metavar="REPO@ID|REPO@TAG")
    ] = None,
    chart: Annotated[
        list[str] | None,
        typer.Option(help="A chart.", metavar="REPO@VERSION|REPO/NAME@VERSION"),
    ] = None,
    artifact: Annotated[
        list[str] | None,
        typer.Option(
            help="What a subscription of a type of your own found.", metavar="NAME@VERSION"
        ),
    ] = None,
    alias: Annotated[str, typer.Option(help="How to call it.", metavar="ALIAS")] = "",
    project: Project = None,
) -> None:
    """Bundle what a Warehouse discovered into Freight; what is not named is the newest.

    The same contents are the same Freight: making it again changes nothing.
    """
    body = {
        "warehouse": warehouse,
        "images": image or [],
        "commits": commit or [],
        "charts": chart or [],
        "artifacts": artifact or [],
        "alias": alias,
    }
    with connect() as client:
        answer = client.send("POST", inside(project, "freight"), body=body)
    made = answer.data
    done = "created" if answer.status == _CREATED else "unchanged"
    render.line(f"{reference(made)} {done} ({made['alias']})")
    if alias not in {"", made["alias"]}:
        render.warning(
            f"it is called {made['alias']} and stays so; to rename it, "
            f"use `ferryman update freight {made['alias']} --new-alias {alias}`"
        )
