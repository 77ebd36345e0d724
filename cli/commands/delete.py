"""`ferryman delete`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cli import render
from cli.client import Client
from cli.commands.options import Files, Project, Recursive
from cli.config import current
from cli.failures import CommandError, UsageError
from cli.nouns import DELETED, find, reference
from cli.sources import MEDIA_TYPE, manifests


def delete(
    *,
    kind: Annotated[str | None, typer.Argument(help="Such as stage.", show_default=False)] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    filename: Files = None,
    recursive: Recursive = False,
    project: Project = None,
) -> None:
    """Delete what is named, or what files name; a Project goes with all that it holds."""
    if bool(filename) == bool(kind and name):
        raise UsageError("what is to be deleted? Write `delete KIND NAME`, or name files with -f")
    body = manifests(filename, recursive=recursive) if filename else _one(kind or "", name or "")
    login = current()
    with Client(login) as client:
        answer = client.send(
            "DELETE",
            "/v1beta1/resources",
            {"project": project or login.project},
            body=body,
            media_type=MEDIA_TYPE,
        )
    errors = []
    for result in answer.data["results"]:
        if gone := result.get("deletedResourceManifest"):
            render.line(f"{reference(gone)} deleted")
        else:
            errors.append(result["error"])
    if errors:
        raise CommandError("; ".join(errors))


def _one(kind: str, name: str) -> dict[str, Any]:
    noun = find(kind, DELETED)
    named = {"apiVersion": noun.api_version, "kind": noun.kind, "metadata": {"name": name}}
    return {"manifests": [{"source": name, "text": json.dumps(named)}]}
