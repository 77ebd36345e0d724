"""Who watches the demo: a person with a keyboard, or nobody, for whom it answers itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Audience:
    """Whether somebody can be asked, and the lines that they enter."""

    def __init__(self, *, present: bool) -> None:
        self.present = present
        self._lines: asyncio.Queue[str] = asyncio.Queue()

    async def enter(self) -> None:
        """Return once Enter was pressed; at once where nobody is there to press it."""
        if self.present:
            await self._lines.get()

    def forget(self) -> None:
        """Disregard what was entered before anything was asked."""
        while not self._lines.empty():
            self._lines.get_nowait()

    def heard(self) -> None:
        """Take in a line from the keyboard."""
        line = sys.stdin.readline()
        if line:
            self._lines.put_nowait(line.strip())
        else:  # Ctrl-D: nothing more will come
            asyncio.get_running_loop().remove_reader(sys.stdin)


@asynccontextmanager
async def audience(*, answers_itself: bool) -> AsyncIterator[Audience]:
    """Listen to the keyboard while the block lasts, where there is one."""
    present = not answers_itself and sys.stdin.isatty()
    listening = Audience(present=present)
    loop = asyncio.get_running_loop()
    if present:
        loop.add_reader(sys.stdin, listening.heard)
    try:
        yield listening
    finally:
        if present:
            loop.remove_reader(sys.stdin)
