"""A program that is kept running: started, watched, and started again when it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.processes import Process, started
from server.folder import DataFolder
from server.leftovers import remember
from server.log import Log

Tell = Callable[[str], None]

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_CALM = 60.0
"""Seconds after which an ending counts as the first one again."""
_LOOK = 0.03
_PATIENCE = 60.0
_BOUND_LOGS_EVERY = 60.0


@dataclass(frozen=True)
class Program:
    """What runs, and how one knows that it does."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[Log], Awaitable[bool]]
    grace: float = 10.0
    """Seconds that it is given to end when asked."""


@asynccontextmanager
async def kept(
    program: Program, folder: DataFolder, tell: Tell
) -> AsyncIterator[asyncio.Future[None]]:
    """Keep `program` running while the block lasts; yields what to await until it is ready.

    That raises PermanentError, with the last line of the program's log, if it ends first or
    takes too long. Later endings are told, and mended after a delay that doubles from 0.5 s to
    30 s.
    """
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(_Keeper(program, folder, tell).keep(ready), name=program.name)
    try:
        yield ready
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if ready.done() and not ready.cancelled():
            ready.exception()  # seen, even where another part's failure came first


class _Keeper:
    def __init__(self, program: Program, folder: DataFolder, tell: Tell) -> None:
        self._program = program
        self._folder = folder
        self._tell = tell
        self._log = Log(folder.logs / f"{program.name}.log")

    async def keep(self, ready: asyncio.Future[None]) -> None:
        """Start the program again and again; the future says how the first start went."""
        clock = asyncio.get_running_loop().time
        delay = _FIRST_DELAY
        while True:
            begun = clock()
            ending = await self._run(ready)
            if not ready.done():
                ready.set_exception(PermanentError(self._did_not_start(ending)))
                return
            if clock() - begun > _CALM:
                delay = _FIRST_DELAY
            self._tell(f"{self._program.name} {ending}; starting it again in {delay:g} s")
            await asyncio.sleep(delay)
            delay = min(2 * delay, _LONGEST_DELAY)

    async def _run(self, ready: asyncio.Future[None]) -> str:
        program = self._program
        try:
            with self._log.opened() as output:
                async with started(
                    program.argv,
                    env=program.env,
                    grace=program.grace,
                    stdout=output,
                    stderr=output,
                ) as process:
                    remember(self._folder.children, program.name, process.pid)
                    await self._become_ready(process, ready)
                    return _ending(await self._ended(process))
        except (FerrymanError, OSError) as error:
            return f"could not be run ({error})"

    async def _become_ready(self, process: Process, ready: asyncio.Future[None]) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + _PATIENCE
        while process.returncode is None:
            if await self._program.ready(self._log):
                break
            if not ready.done() and clock() > deadline:
                raise TemporaryError(f"not ready after {_PATIENCE:g} s")
            await asyncio.sleep(_LOOK)
        else:
            return
        if ready.done():
            self._tell(f"{self._program.name} is back")
        else:
            ready.set_result(None)

    async def _ended(self, process: Process) -> int:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BOUND_LOGS_EVERY):
                    return await process.wait()
            self._log.bound()

    def _did_not_start(self, ending: str) -> str:
        said = self._log.last_line()
        reason = f": {said}" if said else ""
        return f"{self._program.name} {ending} before it was ready{reason} (see {self._log.path})"


def _ending(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
