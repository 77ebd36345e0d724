"""A line: TCP in front of a server, which can be cut, silenced and healed."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import urlsplit

from tests.servers.tunnels import listening

_CHUNK = 64 * 1024


class Line:
    """Passes bytes on, both ways, while it is whole."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._open: set[StreamWriter] = set()
        self._speaking = asyncio.Event()
        self._speaking.set()
        self._cut = False
        self.host = ""
        """Where clients reach it: "127.0.0.1:port"."""

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Hang up on everybody, and let nobody in, while the block lasts."""
        self._cut = True
        for writer in tuple(self._open):
            writer.transport.abort()
        try:
            yield
        finally:
            self._cut = False

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Hold every byte back while the block lasts; nobody is told."""
        self._speaking.clear()
        try:
            yield
        finally:
            self._speaking.set()

    async def handle(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, until both sides are done."""
        if self._cut:
            return
        there, back = await asyncio.open_connection(*self._target)
        self._open |= {writer, back}
        try:
            # Ends without a word when all is torn down: asyncio would tell of it on the terminal.
            with suppress(asyncio.CancelledError):
                await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            self._open -= {writer, back}
            back.transport.abort()

    async def _pass(self, source: StreamReader, sink: StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(_CHUNK):
                await self._speaking.wait()
                sink.write(chunk)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A line to the server at `url`, while the block lasts."""
    line = Line(url)
    async with listening(line.handle) as port:
        line.host = f"127.0.0.1:{port}"
        yield line
