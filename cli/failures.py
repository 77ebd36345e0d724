"""What a command can fail with: one sentence that says what to do, and an exit code."""

from __future__ import annotations

FAILED = 1
WRONG_USAGE = 2


class CommandError(Exception):
    """The command did not do what was asked."""

    code = FAILED


class UnreachableError(CommandError):
    """The server does not answer, or not now: trying again may help."""


class UsageError(CommandError):
    """The command was not understood."""

    code = WRONG_USAGE
