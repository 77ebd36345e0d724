"""`ferryman apply`."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from cli import render
from cli.client import Client
from cli.commands.options import Files, Project, Recursive
from cli.config import current
from cli.failures import CommandError, UsageError
from cli.nouns import reference
from cli.sources import MEDIA_TYPE, manifests

_REFUSED = 400


def apply(
    *,
    filename: Files = None,
    recursive: Recursive = False,
    project: Project = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
) -> None:
    """Declare resources from files: all of them, or none when one has an error."""
    if not filename:
        raise UsageError("what is to be applied? Name a file, a folder or - with -f")
    login = current()
    with Client(login) as client:
        answer = client.send(
            "PUT",
            "/v1beta1/resources",
            {"upsert": True, "dryRun": dry_run, "project": project or login.project},
            body=manifests(filename, recursive=recursive),
            media_type=MEDIA_TYPE,
            accept=frozenset({_REFUSED}),
        )
    results = answer.data.get("results", [])
    for result in results:
        for warning in result.get("warnings", ()):
            render.warning(f"{result['where']}: {warning}")
    for result in results:
        _show(result, dry_run=dry_run)
    if answer.data.get("error"):
        raise CommandError(answer.data["error"])


def _show(result: dict[str, Any], *, dry_run: bool) -> None:
    for error in re.split(r"\n(?!  \| )", result.get("error", "")):
        if error:
            render.problem(f"{result['where']}: {error}")
    manifest = result.get("createdResourceManifest") or result.get("updatedResourceManifest")
    if manifest:
        ending = " (dry run)" if dry_run else ""
        render.line(f"{reference(manifest)} {result['outcome']}{ending}")
