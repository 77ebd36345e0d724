"""Parts: processes of an installation that may be killed and frozen, and that come back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from ferryman import processes
from ferryman.processes import Process
from server.log import Log
from server.program import Program

_AGAIN = 0.2
"""Seconds until a part is started again that ended by itself, as one does whose store is away."""
_LOOK = 0.02
_PATIENCE = 90.0


class Part:
    """One program that is kept running, and how it fares."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.name = program.name
        self.program = program
        self.log = Log(logs / f"{program.name}.log")
        self.starts: list[float] = []
        """How many seconds its starts took that ended well."""
        self._process: Process | None = None
        self._up = asyncio.Event()
        self._ready = asyncio.Event()
        self._pause = _AGAIN
        self._before_start: Callable[[], None] = _nothing

    @property
    def pid(self) -> int:
        """Of its process; 0 while there is none."""
        return self._process.pid if self._process and self._up.is_set() else 0

    async def struck(
        self, *, down: float = 0.0, before_start: Callable[[], None] | None = None
    ) -> float:
        """Kill it with -9, once it is there; it stays down for `down` seconds. When was it?

        `before_start` is done to what it leaves behind.
        """
        pid = await self._pid()
        self._pause, self._before_start = down, before_start or _nothing
        self._up.clear()
        self._ready.clear()
        at = time.time()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return at

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[float]:
        """Stop it with SIGSTOP while the block lasts; yields when that was."""
        pid = await self._pid()
        at = time.time()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        try:
            yield at
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    async def ready(self) -> None:
        """Wait until it says so; raises AssertionError with its log if it never does."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._ready.wait()
        except TimeoutError:
            raise AssertionError(f"{self.name} is not ready:\n{self.log.said()}") from None

    async def keep(self) -> None:
        """Start it again and again, until cancelled."""
        while True:
            await self._live()
            pause, self._pause = self._pause, _AGAIN
            await asyncio.sleep(pause)
            self._before_start()
            self._before_start = _nothing

    async def _live(self) -> None:
        program = self.program
        with self.log.opened() as output:
            async with AsyncExitStack() as stack:
                self._process = await stack.enter_async_context(
                    processes.started(
                        program.argv, env=program.env, grace=1, stdout=output, stderr=output
                    )
                )
                self._up.set()
                watching = asyncio.create_task(self._become_ready())
                stack.callback(watching.cancel)
                await self._process.wait()
        self._up.clear()
        self._ready.clear()

    async def _become_ready(self) -> None:
        began = time.monotonic()
        while not await self.program.ready(self.log):  # noqa: ASYNC110 - another process becomes so
            await asyncio.sleep(_LOOK)
        self.starts.append(time.monotonic() - began)
        self._ready.set()

    async def _pid(self) -> int:
        await self._up.wait()
        assert self._process
        return self._process.pid


def _nothing() -> None:
    """Leave what is there."""
