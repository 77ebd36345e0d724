"""`python -m worker`: serve the task queues until told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys

from ferryman import logs
from ferryman.domain.errors import FerrymanError
from ferryman.settings import Settings
from starter.connection import connect
from starter.ending import end
from worker.assembly import assemble
from worker.runtime import run


async def _main() -> None:
    logs.configure()
    settings = Settings.read()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    client = await connect(settings.temporal)
    await run(assemble(settings, client), client, settings, stop)


def main() -> int:
    """Run; the exit code is 1 when it could not start."""
    try:
        asyncio.run(_main())
    except FerrymanError as error:
        sys.stderr.write(f"worker: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    end(main)
