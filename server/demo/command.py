"""`ferryman demo`, which is `python -m server demo`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from server.demo.play import play
from server.failures import sentences


def demo(
    *,
    data: Annotated[
        Path | None, typer.Option(help="A folder that is kept; without it, one that is removed.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End once production is promoted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Answer for itself.")] = False,
) -> None:
    """See it work: a release goes through three Stages, on this machine alone."""
    with sentences():
        asyncio.run(play(data, once=once, answers_itself=yes))
