"""Stopping: Ctrl-C and SIGTERM, turned into an orderly end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(tell: Callable[[str], None]) -> Iterator[None]:
    """Let signals end the block, as if it had been left; a second one does not wait for anything.

    For the main task of a process. The parts that the block has entered end one after the other,
    and each further signal ends the one that is ending just now at once.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 — a coroutine called us

    def stop() -> None:
        tell("Stopping: running steps may end first; once more, and they may not.")
        task.cancel()

    for sign in _SIGNALS:
        loop.add_signal_handler(sign, stop)
    try:
        with suppress(asyncio.CancelledError):
            yield
    finally:
        for sign in _SIGNALS:
            loop.remove_signal_handler(sign)
