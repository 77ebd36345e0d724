"""`ferryman logs`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from cli import render
from cli.client import Client, connect
from cli.commands.options import LogOfPromotion, Project, named
from cli.paths import inside

_INTERRUPTED = 130


def logs(
    *,
    promotion: LogOfPromotion,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on while the step or Promotion runs.")
    ] = False,
    run: Annotated[
        int, typer.Option("--run", help="Of this run only.", min=0, metavar="N", show_default=False)
    ] = 0,
    project: Project = None,
) -> None:
    """Show what the steps of a Promotion say, in all of their attempts."""
    name, *step = named(promotion, least=1, most=2)
    where = ["steps", *step, "logs"] if step else ["logs"]
    path = inside(project, "promotions", name, *where)
    with connect() as client:
        try:
            for line in _lines(client, path, run, follow=follow):
                render.line(_shown(line, alone=bool(step)))
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None


def _lines(client: Client, path: str, run: int, *, follow: bool) -> Iterable[Mapping[str, Any]]:
    asked = {"run": run} if run else {}
    if not follow:
        yield from client.get(path, asked).data.get("lines", ())
        return
    for _, line, _ in client.watch(path, asked):
        yield line


def _shown(line: Mapping[str, Any], *, alone: bool) -> str:
    at = datetime.fromisoformat(line["at"]).astimezone().strftime("%H:%M:%S")
    whose = "" if alone else f"{line['alias']}: "
    return f"{at}  {whose}{line['text']}"
