"""`ferryman version`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import render
from cli.client import VERSION, connect


def version(
    *, client: Annotated[bool, typer.Option("--client", help="Only of this command.")] = False
) -> None:
    """Say which versions talk to each other."""
    render.line(f"Client Version: {VERSION}")
    if not client:
        with connect() as server:
            answer = server.get("/v1beta1/system/server-version")
        render.line(f"Server Version: {answer.data['version']}")
