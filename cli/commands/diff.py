"""`ferryman diff`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from cli import render
from cli.client import connect
from cli.commands.options import Project
from cli.paths import inside

_DIGEST, _COMMIT = len("sha256:0123456789ab"), 7
"""How much of what is exact people are shown."""

Version = Mapping[str, str]
Side = typer.Argument(metavar="NAME|ALIAS|stage:NAME", show_default=False)


def diff(
    *,
    kind: Annotated[Literal["freight"], typer.Argument(metavar="freight", show_default=False)],
    before: Annotated[str, Side],
    after: Annotated[str, Side],
    project: Project = None,
    output: Annotated[
        Literal["json", "yaml"] | None, typer.Option("--output", "-o", help="In which form.")
    ] = None,
) -> None:
    """Compare two Freight, or what Stages have: versions, and where to see the changes."""
    del kind
    with connect() as client:
        told = client.get(inside(project, "freight", before, "diff", after)).data
    if output:
        render.document(told, output)
        return
    titles = [told[side]["title"].upper() for side in ("before", "after")]
    table = render.Table(["REPOSITORY", *titles, "CHANGE", "COMPARE"])
    table.print([_row(change) for change in told["changes"]])


def _row(change: Mapping[str, Any]) -> list[str]:
    where = "/".join(filter(None, (change["repoURL"], change["name"])))
    origin = f" ({change['origin']})" if change["origin"] else ""
    versions = _versions(change.get("before"), change.get("after"))
    return [where + origin, *versions, change["change"], change["compareURL"]]


def _versions(*sides: Version | None) -> list[str]:
    """As people call them; exactly, too, where both sides are called the same and are not."""
    called = {side["version"] for side in sides if side}
    exact = {side["id"] for side in sides if side}
    if len(called) < len(exact):
        return [f"{side['version']}@{_short(side['id'])}" if side else "-" for side in sides]
    return [_called(side) if side else "-" for side in sides]


def _called(side: Version) -> str:
    return _short(side["id"]) if side["version"] == side["id"] else side["version"]


def _short(identity: str) -> str:
    return identity[: _DIGEST if ":" in identity else _COMMIT]
