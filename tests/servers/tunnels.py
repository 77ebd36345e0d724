"""What stands between a client and a server: TLS in front of it, or a proxy that tunnels."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
Handler = Callable[[StreamReader, StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answer connections at a free port of 127.0.0.1; yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        ending = list(tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)


@asynccontextmanager
async def with_tls(url: str, certificate: Path, key: Path) -> AsyncIterator[str]:
    """Serve over TLS what is served at the plain `url`; yields the `https://` URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    port = urlsplit(url).port

    async def handle(reader: StreamReader, writer: StreamWriter) -> None:
        await _tunnel(reader, writer, "127.0.0.1", port or 0)

    async with listening(handle, context) as mine:
        yield f"https://127.0.0.1:{mine}"


@dataclass
class Proxy:
    """A proxy that tunnels, and remembers to where."""

    url: str = ""
    refuses: bool = False
    asked: list[str] = field(default_factory=list)

    async def handle(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one CONNECT."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        target = head.split()[1]
        self.asked.append(target)
        if self.refuses or not head.startswith("CONNECT "):
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, _, port = target.rpartition(":")
        await _tunnel(reader, writer, host, int(port))


@asynccontextmanager
async def tunnelling_proxy() -> AsyncIterator[Proxy]:
    """Run a proxy for CONNECT."""
    proxy = Proxy()
    async with listening(proxy.handle) as port:
        proxy.url = f"http://127.0.0.1:{port}"
        yield proxy


async def _tunnel(reader: StreamReader, writer: StreamWriter, host: str, port: int) -> None:
    there_reader, there_writer = await asyncio.open_connection(host, port)
    try:
        await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
    finally:
        there_writer.close()


async def _copy(source: StreamReader, target: StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
    target.close()
