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
    kind: Annotated[
        Literal["promotion", "stage"],
        typer.Argument(metavar="promotion|stage", show_default=False),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    project: Project = None,
) -> None:
    """Say why a Promotion or a Stage does not move: all that it waits for."""
    with connect() as client:
        if kind == "stage":
            _stage(client.get(inside(project, "stages", name)).data)
        else:
            _promotion(client.get(inside(project, "promotions", name, "explain")))


def _stage(stage: Mapping[str, Any]) -> None:
    status = stage.get("status", {})
    promotion = status.get("currentPromotion") or status.get("lastPromotion") or {}
    phase = promotion.get("status", {}).get("phase")
    what = f"{promotion['name']} {phase or 'Running'}" if promotion else "nothing was promoted yet"
    render.line(f"{stage['metadata']['name']}: {what}")
    for condition in status.get("conditions", ()):
        told = condition.get("message")
        waits = condition["type"] == "Promoting" and condition["reason"].startswith("Waiting")
        if told and (waits or condition["status"] == "False"):
            render.line(f"  {'waits' if waits else condition['type']}: {told}")


def _promotion(answer: Answer) -> None:
    told = answer.data
    render.line(f"{told['promotion']}: {told['phase']}")
    if told.get("message"):
        render.line(f"  {told['message']}")
    for unmet in told.get("unmet", ()):
        render.line(f"  waits: {unmet['message']}{_until(unmet)}")
    for running in told.get("running", ()):
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
