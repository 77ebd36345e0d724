"""`ferryman get`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client import Client
from cli.commands.options import Output, Project
from cli.config import current
from cli.nouns import SHOWN, find
from cli.showing import Showing, Wanted
from cli.watching import follow


def get(
    *,
    kind: Annotated[str, typer.Argument(help="One of " + ", ".join(n.plural for n in SHOWN) + ".")],
    name: Annotated[str | None, typer.Argument(help="Only this one.")] = None,
    project: Project = None,
    output: Output = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="Only what concerns this Stage.", metavar="NAME")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Go on as things change.")] = False,
    no_headers: Annotated[bool, typer.Option("--no-headers", help="Rows only.")] = False,
) -> None:
    """Show what there is."""
    noun = find(kind, SHOWN)
    login = current()
    where = "" if noun.kind == "Project" else login.require_project(project)
    wanted = Wanted(noun, where, name or "", stage or "")
    with Client(login) as client:
        showing = Showing(client, wanted, output or "", headers=not no_headers)
        if watch:
            follow(client, wanted, showing)
        else:
            showing.once()
