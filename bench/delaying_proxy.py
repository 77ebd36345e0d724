"""`python -m bench.delaying_proxy HOST:PORT SECONDS`: a server, as if it were far away.

Prints its own port. For each line that it reads, it prints how many requests have passed since
the last, by method and kind, as JSON. Requests have no bodies, and are not pipelined.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_LINE = re.compile(rb"(GET|HEAD) /v2/.*?/(tags|manifests|blobs)/")


class _Upstream(asyncio.Protocol):
    """The way back: as it comes."""

    def __init__(self, client: asyncio.Transport) -> None:
        self._client = client

    def data_received(self, data: bytes) -> None:
        self._client.write(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._client.close()


class _Delaying(asyncio.Protocol):
    """The way there: each request a little later."""

    def __init__(self, host: str, port: int, delay: float, passed: Counter[str]) -> None:
        self._target = (host, port)
        self._delay = delay
        self._passed = passed
        self._upstream: asyncio.Task[asyncio.Transport] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._upstream = asyncio.ensure_future(self._connect(transport))

    def data_received(self, data: bytes) -> None:
        if match := _LINE.match(data):
            self._passed[b" ".join(match.groups()).decode()] += 1
        asyncio.get_running_loop().call_later(self._delay, self._forward, data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._then(lambda upstream: upstream.close())

    def _forward(self, data: bytes) -> None:
        self._then(lambda upstream: upstream.write(data))

    def _then(self, act: Callable[[asyncio.Transport], None]) -> None:
        assert self._upstream
        self._upstream.add_done_callback(lambda task: act(task.result()))

    async def _connect(self, client: asyncio.Transport) -> asyncio.Transport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Upstream(client), *self._target)
        return transport


async def _serve(address: str, delay: float) -> None:
    host, _, port = address.partition(":")
    passed: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Delaying(host, int(port), delay, passed), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(passed), flush=True)
        passed.clear()


@dataclass
class DelayingProxy:
    """One that runs in a process of its own."""

    process: subprocess.Popen[str]
    host: str

    def passed(self) -> dict[str, int]:
        """What has passed since this was asked last: {"GET tags": 1, …}."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        counts: dict[str, int] = json.loads(self.process.stdout.readline())
        return counts


@contextmanager
def delaying_proxy(address: str, delay: float) -> Iterator[DelayingProxy]:
    """Run one in front of `address`; requests reach it after `delay` seconds."""
    argv = [sys.executable, "-m", "bench.delaying_proxy", address, str(delay)]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        try:
            yield DelayingProxy(process, f"127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], float(sys.argv[2])))
