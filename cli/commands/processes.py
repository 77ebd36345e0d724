"""`ferryman server`, `demo`, `lint`, `tools`: this process becomes one that does more than HTTP."""

from __future__ import annotations

import os
import sys

import typer

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Everything after the command is the server's business, --help too."""


def server(context: typer.Context) -> None:
    """Run Ferryman on this machine: Temporal, store, API and worker."""
    _become("server", context.args)


def demo(context: typer.Context) -> None:
    """Show a release from its image to production, on this machine alone."""
    _become("server", ["demo", *context.args])


def lint(context: typer.Context) -> None:
    """Say what is wrong, old, unsupported or risky in manifests, without a server."""
    _become("server.lint", context.args)


def tools(context: typer.Context) -> None:
    """Install helm and kustomize for this machine's worker, or list what it has."""
    _become("server", ["tools", *context.args])


def _become(module: str, arguments: list[str]) -> None:
    # -P: a folder of that name where the user happens to stand must not be taken for ours.
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606 - no shell is wanted
