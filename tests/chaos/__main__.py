"""`python -m tests.chaos`: kill everything everywhere, and count what was lost."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from starter.ending import end
from tests.chaos.orders import given
from tests.chaos.report import blow_by_blow, report
from tests.chaos.run import run


def main() -> int:
    """Run as ordered; the exit code is 1 if a promise was broken."""
    orders = given()
    with contextlib.ExitStack() as stack:
        folder = orders.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-"))
        )
        outcome = asyncio.run(run(orders, folder.absolute()))
    text = report(outcome)
    sys.stdout.write(f"{text}\n")
    if orders.report:
        orders.report.write_text(f"{text}\n\n{blow_by_blow(outcome)}\n")
    return 1 if outcome.verdict.broken else 0


if __name__ == "__main__":
    end(main)
