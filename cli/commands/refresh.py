"""`ferryman refresh`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from cli import following, render
from cli.client import Client, connect
from cli.commands.options import Project
from cli.failures import CommandError, UnreachableError
from cli.nouns import reference
from cli.paths import inside

_PATIENCE = 60.0


def refresh(
    *,
    kind: Annotated[
        Literal["warehouse", "stage"],
        typer.Argument(metavar="warehouse|stage", show_default=False),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    project: Project = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Until a Warehouse has discovered, a Stage has looked.")
    ] = False,
) -> None:
    """Let a Warehouse discover, or a Stage look at what there is to do, now."""
    path = inside(project, f"{kind}s", name)
    with connect() as client:
        before = client.send("POST", f"{path}/refresh").data
        render.line(f"{reference(before)} refreshed")
        if not wait:
            return
        after = _changed(client, path, before) if kind == "warehouse" else _seen(client, path)
    for condition in after.get("status", {}).get("conditions", ()):
        if condition["type"] == "Healthy" and condition["status"] == "False":
            raise CommandError(condition["message"])


def _changed(client: Client, path: str, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Warehouse once a discovery has written what it found, be it the same as before."""
    version = before["metadata"]["resourceVersion"]
    return _until(client, path, lambda now: now["metadata"]["resourceVersion"] != version)


def _seen(client: Client, path: str) -> Mapping[str, Any]:
    """The Stage once its lane has looked at it as it is now."""
    return _until(
        client,
        path,
        lambda now: (
            now.get("status", {}).get("observedGeneration", 0) >= now["metadata"]["generation"]
        ),
    )


def _until(client: Client, path: str, done: Any) -> Mapping[str, Any]:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            found: Mapping[str, Any] = client.get(path).data
        except UnreachableError:
            time.sleep(following.EVERY)
            continue
        if done(found):
            return found
        time.sleep(following.EVERY)
    raise CommandError(
        f"nothing has happened for {_PATIENCE:.0f} s: does a worker run? "
        "`ferryman server` starts one, and so does `python -m worker`"
    )
