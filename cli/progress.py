"""Progress: a Promotion's steps while they run, redrawn on a terminal, as lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from cli import render
from ferryman.domain.placement import walk
from ferryman.domain.step import Step

_REDRAWN_PER_SECOND = 8
"""Only so that what runs is seen to run."""


def follow(states: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Show each state, and return the last one."""
    return _redrawn(states) if render.OUT.is_terminal else _as_lines(states)


def _redrawn(states: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    last: Mapping[str, Any] = {}
    with Live(console=render.OUT, refresh_per_second=_REDRAWN_PER_SECOND) as live:
        for last in states:
            live.update(_picture(last))
    return last


def _as_lines(states: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    last: Mapping[str, Any] = {}
    said: set[str] = set()
    for last in states:
        for text in _lines(last):
            if text not in said:
                render.line(text)
            said.add(text)
    return last


def _lines(promotion: Mapping[str, Any]) -> Iterable[str]:
    """What there is to say; a line that was said already is not said again."""
    for unmet in _waiting(promotion):
        yield f"  waits: {unmet}"
    for step in _steps(promotion):
        message = f": {step['message']}" if step.get("message") else ""
        yield f"  {_name(step)} {step['status']}{_took(step)}{message}"


def _picture(promotion: Mapping[str, Any]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for step in _all(promotion):
        if not step.get("status"):
            table.add_row("", Text(_name(step), style="dim"), "", "")
            continue
        running = step["status"] == "Running"
        status: RenderableType = (
            Spinner("dots", text="Running", style="yellow")
            if running
            else render.styled(step["status"]).append(_took(step), "dim")
        )
        table.add_row("", _name(step), status, render.safe(step.get("message", ""), one_line=True))
    waits = [Text(f"  waits: {render.safe(unmet)}", "yellow") for unmet in _waiting(promotion)]
    return Group(*waits, table)


def _steps(promotion: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps that were begun, in order."""
    recorded = promotion.get("status", {}).get("stepExecutionMetadata", ())
    return [step for step in recorded if step.get("status")]


def _all(promotion: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every step in the order of the document, those too that were not begun."""
    begun = {step["path"]: step for step in _steps(promotion)}
    try:
        steps = [Step.load(step) for step in promotion["spec"].get("steps", ())]
    except ValidationError:  # of a newer server: what was begun can be told all the same
        return list(begun.values())
    keys = {path: step["keys"] for path, step in begun.items() if step.get("keys")}
    return [
        begun.get(placed.path, {"alias": placed.alias, "uses": placed.step.kind})
        for placed in walk(steps, keys)
        if placed.path in begun or placed.step.leaves_record
    ]


def _waiting(promotion: Mapping[str, Any]) -> list[str]:
    return [unmet["message"] for unmet in promotion.get("status", {}).get("waiting", ())]


def _name(step: Mapping[str, Any]) -> str:
    alias = step.get("alias") or step.get("as") or ""
    return f"{step.get('uses', '')} ({alias})" if alias else str(step.get("uses", ""))


def _took(step: Mapping[str, Any]) -> str:
    began, ended = step.get("startedAt"), step.get("finishedAt")
    if not began or not ended:
        return ""
    seconds = (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
    return f" in {seconds:.1f} s"
