"""Failures, as a command tells them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ferryman.domain.errors import FerrymanError


@contextmanager
def sentences() -> Iterator[None]:
    """Say what went wrong in one sentence, and end with exit code 1."""
    try:
        yield
    except FerrymanError as error:
        typer.echo(f"ferryman: {error}", err=True)
        raise typer.Exit(1) from error
