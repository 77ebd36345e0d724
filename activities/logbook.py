"""Logbook: what one attempt says, brought to the store about once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from ferryman.domain.errors import FerrymanError, TemporaryError
from ferryman.storage.claims import StepKey
from ferryman.storage.logs import Logs, Said

_EVERY_SECONDS = 1.0
_MOST_HELD = 5000
"""Lines between two writings; what a step says beyond that is counted only."""


@dataclass
class Logbook:
    """Lines with their time, scrubbed before they leave this process."""

    key: StepKey
    logs: Logs
    scrub: Callable[[str], str]
    clock: Callable[[], datetime]
    _held: list[Said] = field(default_factory=list)
    _lost: int = 0

    def say(self, text: str) -> None:
        """Add a line, or several."""
        now = self.clock()
        for line in text.splitlines() or [""]:
            if len(self._held) < _MOST_HELD:
                self._held.append(Said(now, line))
            else:
                self._lost += 1

    def take(self) -> tuple[Said, ...]:
        """What was not written yet; whoever takes it writes it."""
        held, self._held = self._held, []
        if self._lost:
            held.append(Said(self.clock(), f"… {self._lost} lines came too fast to be kept …"))
            self._lost = 0
        return tuple(Said(at, self.scrub(text)) for at, text in held)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Write now and then while the block lasts, and what is left if it ends by an error."""
        over = asyncio.Event()
        writing = asyncio.create_task(self._write(over))
        try:
            yield
        except BaseException:
            over.set()
            await writing
            with suppress(FerrymanError):
                await self.logs.append(self.key, self.take())
            raise
        over.set()
        await writing

    async def _write(self, over: asyncio.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _EVERY_SECONDS)
            if over.is_set() or not self._held:
                continue
            said = self.take()
            try:
                await self.logs.append(self.key, said)
            except TemporaryError:
                self._held[:0] = said
            except FerrymanError:  # the step is another's by now: nobody is to hear of us
                return
