"""The command."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from cli import render
from cli.endings import in_sentences
from ferryman.domain.lint import Severity, lint
from server.lint.files import texts
from server.lint.kinds import known_kinds
from server.lint.reports import REPORTS, summary


class Output(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class _Sentences(TyperCommand):
    """Ends a failed command with its sentence and exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with in_sentences():
            return super().invoke(ctx)


app = typer.Typer(name="ferryman lint", add_completion=False, pretty_exceptions_enable=False)


@app.command(cls=_Sentences, no_args_is_help=True)
def check(
    *,
    sources: Annotated[
        list[str], typer.Argument(metavar="FILE|DIR…", help="What to look at; - reads stdin.")
    ],
    output: Annotated[
        Output, typer.Option("--output", "-o", help="How findings are written.")
    ] = Output.TEXT,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 1 on warnings, too.")
    ] = False,
) -> None:
    """Say what is wrong, old, unsupported or risky in manifests, without a server.

    Everything that is named is taken together. Of a folder and those inside it, the YAML and JSON
    files are read that speak of kargo.akuity.io or ferryman.dev.
    """
    read = list(texts(sources))
    findings = lint(read, known_kinds())
    for line in REPORTS[output](findings):
        sys.stdout.write(render.safe(line) + "\n")
    render.note(summary(findings, len(read)))
    fatal = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(finding.severity in fatal for finding in findings):
        raise typer.Exit(1)
