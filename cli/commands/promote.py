"""`ferryman promote`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import render
from cli.client import connect
from cli.commands.options import Freight, FreightAlias, Project
from cli.failures import CommandError, UsageError
from cli.following import phase, states
from cli.nouns import reference
from cli.paths import inside
from cli.progress import follow

_INTERRUPTED = 130
"""What shells report of a command that Ctrl-C ended."""

Warehouse = Annotated[
    str | None,
    typer.Option(help="Take the newest Freight of this Warehouse that may enter.", metavar="NAME"),
]


def promote(
    *,
    stage: Annotated[str, typer.Option("--stage", help="Where to.", metavar="NAME")],
    freight: Freight = None,
    freight_alias: FreightAlias = None,
    warehouse: Warehouse = None,
    project: Project = None,
    wait: Annotated[bool, typer.Option("--wait", help="Show the steps until it ends.")] = False,
) -> None:
    """Move Freight into a Stage; with --wait, the exit code says whether it got there."""
    given = {"freight": freight, "freightAlias": freight_alias, "origin": warehouse}
    body = {field: value for field, value in given.items() if value}
    if len(body) != 1:
        raise UsageError(
            "what is to be promoted? Give one of --freight, --freight-alias, --warehouse"
        )
    with connect() as client:
        path = inside(project, "stages", stage, "promotions")
        promotion = client.send("POST", path, body=body).data
        render.line(f"{reference(promotion)} promotion created")
        if not wait:
            return
        name = promotion["metadata"]["name"]
        try:
            last = follow(states(client, inside(project, "promotions", name)))
        except KeyboardInterrupt:
            render.note(f"The promotion goes on; `ferryman get promotions {name}` shows how.")
            raise typer.Exit(_INTERRUPTED) from None
    render.line(f"{reference(last)} {phase(last)}")
    if phase(last) != "Succeeded":
        raise CommandError(last["status"].get("message") or f"the promotion {phase(last)}")
