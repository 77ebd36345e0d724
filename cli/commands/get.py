"""`ferryman get`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import step_kinds
from cli.client import Client
from cli.commands.options import Output, Project
from cli.config import current
from cli.nouns import SHOWN, find
from cli.showing import Showing, Wanted
from cli.watching import follow


def get(
    *,
    kind: Annotated[
        str,
        typer.Argument(help="One of " + ", ".join([*(n.plural for n in SHOWN), "steps"]) + "."),
    ],
    name: Annotated[str | None, typer.Argument(help="Only this one.")] = None,
    project: Project = None,
    output: Output = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="Only what concerns this Stage.", metavar="NAME")
    ] = None,
    warehouse: Annotated[
        str | None,
        typer.Option("--warehouse", help="Only Freight of this Warehouse.", metavar="NAME"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="So much Freight at most, the newest.", min=1)
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Go on as things change.")] = False,
    no_headers: Annotated[bool, typer.Option("--no-headers", help="Rows only.")] = False,
) -> None:
    """Show what there is."""
    login = current()
    if kind.lower() in step_kinds.CALLED:
        with Client(login) as client:
            step_kinds.show(client, name or "", output or "", headers=not no_headers)
        return
    noun = find(kind, SHOWN)
    everywhere = noun.kind == "Project" or noun.is_shared
    where = "" if everywhere else login.require_project(project)
    wanted = Wanted(noun, where, name or "", stage or "", warehouse or "", limit)
    with Client(login) as client:
        showing = Showing(client, wanted, output or "", headers=not no_headers)
        if watch:
            follow(client, wanted, showing)
        else:
            showing.once()
