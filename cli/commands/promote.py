"""`ferryman promote`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import render
from cli.client import Client, connect
from cli.commands.decide import abort as abort_promotion
from cli.commands.options import Freight, FreightAlias, Project, Stage
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
Downstream = Annotated[
    str | None,
    typer.Option(help="To all Stages that take Freight from this one.", metavar="NAME"),
]
Name = Annotated[str | None, typer.Option(help="With --abort: a Promotion.", metavar="NAME")]


def promote(
    *,
    stage: Stage = None,
    downstream_from: Downstream = None,
    freight: Freight = None,
    freight_alias: FreightAlias = None,
    warehouse: Warehouse = None,
    name: Name = None,
    abort: Annotated[
        bool, typer.Option("--abort", help="Ask it to end, as `ferryman abort promotion` does.")
    ] = False,
    project: Project = None,
    wait: Annotated[bool, typer.Option("--wait", help="Show the steps until it ends.")] = False,
) -> None:
    """Move Freight into a Stage; with --wait, the exit code says whether it got there."""
    given = {"freight": freight, "freightAlias": freight_alias, "origin": warehouse}
    body = {field: value for field, value in given.items() if value}
    if name or abort:
        if not name or not abort or body or stage or downstream_from:
            raise UsageError("a Promotion is aborted by its name only: promote --name NAME --abort")
        abort_promotion(promotion=[name], project=project)
        return
    if bool(stage) == bool(downstream_from):
        raise UsageError("where to? Give one of --stage and --downstream-from")
    if len(body) != 1 or (downstream_from and warehouse):
        ways = "--freight, --freight-alias" + ("" if downstream_from else ", --warehouse")
        raise UsageError(f"what is to be promoted? Give one of {ways}")
    with connect() as client:
        if downstream_from:
            path = inside(project, "stages", downstream_from, "promotions", "downstream")
            told = client.send("POST", path, body=body).data
        else:
            path = inside(project, "stages", stage or "", "promotions")
            told = {"promotions": [client.send("POST", path, body=body).data], "errors": []}
        made, errors = told["promotions"], told["errors"]
        for promotion in made:
            render.line(f"{reference(promotion)} promotion created")
        if wait:
            errors += [error for one in made if (error := _followed(client, one, project))]
    if errors:
        raise CommandError("; ".join(errors))


def _followed(client: Client, promotion: Mapping[str, Any], project: str | None) -> str:
    """Show a Promotion until it ends; returns why it did not succeed, "" when it did."""
    name = promotion["metadata"]["name"]
    try:
        last = follow(states(client, inside(project, "promotions", name)))
    except KeyboardInterrupt:
        render.note(f"The promotion goes on; `ferryman get promotions {name}` shows how.")
        raise typer.Exit(_INTERRUPTED) from None
    render.line(f"{reference(last)} {phase(last)}")
    if phase(last) == "Succeeded":
        return ""
    return last["status"].get("message") or f"the promotion {phase(last)}"
