"""How a command ends that failed: with its sentence on stderr, and its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli import render
from cli.failures import CommandError


@contextmanager
def in_sentences() -> Iterator[None]:
    """Say what a CommandError says, and end with its code."""
    try:
        yield
    except CommandError as error:
        render.problem(str(error))
        raise typer.Exit(error.code) from None
