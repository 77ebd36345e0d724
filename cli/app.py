"""The commands, put together."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from cli.commands import processes
from cli.commands.apply import apply
from cli.commands.create import creations
from cli.commands.decide import abort, approve, reject
from cli.commands.delete import delete
from cli.commands.diff import diff
from cli.commands.explain import explain
from cli.commands.get import get
from cli.commands.login import login, settings
from cli.commands.logs import logs
from cli.commands.promote import promote
from cli.commands.refresh import refresh
from cli.commands.retry import override, retry, skip
from cli.commands.update import updates
from cli.commands.version import version
from cli.endings import in_sentences


class _Sentences(TyperGroup):
    """Ends a failed command with its sentence and exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with in_sentences():
            return super().invoke(ctx)


app = typer.Typer(
    name="ferryman",
    help="Carries a release from where it is built to where it runs.",
    cls=_Sentences,
    no_args_is_help=True,
    # Local variables in a traceback may be secrets.
    pretty_exceptions_show_locals=False,
)
for command in (
    apply,
    get,
    diff,
    promote,
    approve,
    reject,
    abort,
    retry,
    skip,
    override,
    logs,
    explain,
    refresh,
    delete,
    login,
    version,
):
    app.command()(command)
app.add_typer(creations, name="create")
app.add_typer(updates, name="update")
app.add_typer(settings, name="config")
for process in (processes.server, processes.demo, processes.lint, processes.tools):
    app.command(context_settings=processes.PASSED_ON)(process)
