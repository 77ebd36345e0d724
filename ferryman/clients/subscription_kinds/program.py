"""Runs a program of the operator's folder: question on stdin, answer on stdout."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ferryman import processes
from ferryman.clients.subscription_kinds.options import SourceOptions
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.domain.generic import MAX_ANSWER
from ferryman.domain.subscription_kind import Program
from ferryman.processes import Completed

_TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h."""
_LONGEST_COMPLAINT = 300


async def run_program(
    program: Program, question: bytes, seconds: float, options: SourceOptions
) -> bytes:
    """Return what it wrote, if it ends in time; raises as `SubscriptionSources.ask` does."""
    name, *arguments = program.command
    if options.programs is None:
        raise PermanentError(
            f"it may not run {name}: this worker runs no programs until the setting "
            "FERRYMAN_SUBSCRIPTIONS__PROGRAMS names a folder of them"
        )
    path = options.programs.absolute() / name
    if not path.is_file():
        raise PermanentError(f"there is no program {name} in {options.programs}: put it there")
    with tempfile.TemporaryDirectory(prefix="ferryman-subscription-") as home:
        done = await processes.run(
            [str(path), *arguments],
            cwd=Path(home),
            env={**options.environment, "HOME": home, "TMPDIR": home},
            stdin=question,
            timeout=seconds,
            limit=MAX_ANSWER,
        )
    if done.code != 0:
        raise _failure(name, done)
    return done.stdout


def _failure(name: str, done: Completed) -> FerrymanError:
    ended = f"was ended by signal {-done.code}" if done.code < 0 else f"ended with {done.code}"
    message = f"{name} {ended}: {_last_line(done.errors) or 'it did not say why'}"
    return TemporaryError(message) if done.code == _TRY_LATER else PermanentError(message)


def _last_line(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_COMPLAINT]
