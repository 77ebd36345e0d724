"""`ferryman explain`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
        Literal["promotion", "stage", "warehouse"],
        typer.Argument(metavar="promotion|stage|warehouse", show_default=False),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    project: Project = None,
) -> None:
    """Say why a Promotion, a Stage or a Warehouse does not move: all that it waits for."""
    with connect() as client:
        if kind == "stage":
            _stage(client.get(inside(project, "stages", name)).data)
        elif kind == "warehouse":
            _warehouse(client.get(inside(project, "warehouses", name)))
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


def _warehouse(answer: Answer) -> None:
    spec, status = answer.data["spec"], answer.data.get("status", {})
    found = status.get("discoveredArtifacts")
    looked = f"looked {age(found['discoveredAt'], answer.now)} ago" if found else "has yet to look"
    render.line(f"{answer.data['metadata']['name']}: {looked}")
    for condition in status.get("conditions", ()):
        if _is_trouble(condition):
            render.line(f"  {condition['type']}: {condition['message']}")
    for subscription in status.get("subscriptions", ()):
        if failures := subscription.get("failures"):
            failed = "failed once" if failures == 1 else f"failed {failures} times in a row"
            render.line(f"  {subscription['title']}: {failed}{_again(subscription, answer.now)}")
    if spec.get("freightCreationPolicy") == "Manual":
        render.line("  its Freight is made by hand: `ferryman create freight --warehouse`")


def _is_trouble(condition: Mapping[str, Any]) -> bool:
    """Of a Warehouse; that its newest Freight is there already is none, and Ready says no more."""
    if condition["type"] == "NotSupportedYet":
        return bool(condition["status"] == "True")
    if condition["type"] == "FreightCreated":
        return bool(condition["reason"] == "Deleted")
    return bool(condition["type"] != "Ready" and condition["status"] == "False")


def _again(subscription: Mapping[str, Any], now: datetime) -> str:
    if not (at := subscription.get("nextAttemptAt")):
        return ""
    return f", next attempt at {at}" if datetime.fromisoformat(at) > now else ", is due now"


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
