"""`ferryman explain`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from cli import render
from cli.ages import age
from cli.client import Answer, connect
from cli.commands.options import Project
from cli.paths import inside


def explain(
    *,
    kind: Annotated[Literal["promotion"], typer.Argument(metavar="promotion", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    project: Project = None,
) -> None:
    """Say why a Promotion does not move: all that it waits for."""
    del kind
    with connect() as client:
        answer = client.get(inside(project, "promotions", name, "explain"))
    told = answer.data
    render.line(f"{told['promotion']}: {told['phase']}")
    if told.get("message"):
        render.line(f"  {told['message']}")
    for unmet in told.get("unmet", ()):
        render.line(f"  waits: {unmet['message']}{_until(unmet)}")
    if running := told.get("running"):
        message = f": {running['message']}" if running.get("message") else ""
        render.line(f"  runs: {running['uses']} ({running['alias'] or running['path']}){message}")
    for decision in told.get("decisions", ()):
        render.line(f"  said: {_said(decision, answer)}")


def _until(unmet: Mapping[str, Any]) -> str:
    return f" (until {unmet['until']})" if unmet.get("until") else ""


def _said(decision: Mapping[str, Any], answer: Answer) -> str:
    who = decision["actor"] + ("" if decision["proven"] else " (unproven)")
    comment = f' "{decision["comment"]}"' if decision.get("comment") else ""
    refused = f"; did not count: {decision['refused']}" if decision.get("refused") else ""
    return f"{who} {decision['verdict']}{comment}, {age(decision['at'], answer.now)} ago{refused}"
