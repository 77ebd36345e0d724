"""The whole server as people run it: `python -m server`, in a folder and a HOME of the test's own.

Use it by `async with running_server(tmp_path) as server:`; it may be killed and started again.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.eventually import eventually
from tests.ports import fresh_port

_PATIENCE = 60.0


class RunningServer:
    """A server that can be started, killed and started again on the same folder and ports."""

    def __init__(self, home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.data = home / "data"
        self.config = home / "config"
        self.output = home / "server.out"
        self.port, self.temporal_port, ui = fresh_port(), fresh_port(), fresh_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._arguments = (
            *("--data", str(self.data), "--port", str(self.port)),
            *("--temporal-port", str(self.temporal_port), "--temporal-ui-port", str(ui)),
            *arguments,
        )
        own = {"HOME": str(home), "XDG_CONFIG_HOME": str(self.config)}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FERRYMAN_", "XDG_"))}
        self.environment = {**kept, **own, **(env or {})}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it says that it is up."""
        with self.output.open("ab") as output:
            begin = output.tell()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "server", *self._arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
            )
        process = self._process

        def said() -> str:
            return self.output.read_text()[begin:]

        await eventually(
            lambda: " is up;" in said() or process.returncode is not None, seconds=_PATIENCE
        )
        assert process.returncode is None, said()

    def said(self, words: str) -> bool:
        """Whether it has said that, since it was first started."""
        return words in self.output.read_text()

    async def signal(self, sign: signal.Signals) -> int:
        """Send the server a signal and wait for its end; its exit code."""
        assert self._process
        with suppress(ProcessLookupError):
            self._process.send_signal(sign)
        return await self._process.wait()

    def child(self, name: str) -> int:
        """The number of the child's process: `temporal`, `worker` or `api`."""
        return int(json.loads((self.data / "children" / f"{name}.json").read_text())["pid"])

    def children(self) -> list[int]:
        """The numbers of all of them."""
        return [self.child(path.stem) for path in (self.data / "children").glob("*.json")]

    @property
    def token(self) -> str:
        """The admin's bearer token, from the login that the server has written."""
        login = json.loads((self.config / "ferryman" / "config").read_text())
        return str(login["bearerToken"])

    def client(self) -> httpx.AsyncClient:
        """A client that is signed in."""
        return httpx.AsyncClient(
            base_url=f"{self.url}/v1beta1",
            headers={"Authorization": f"Bearer {self.token}"},
            trust_env=False,
            timeout=30,
        )

    async def stop(self) -> None:
        """End it in whatever state it is."""
        if self._process and self._process.returncode is None:
            await self.signal(signal.SIGKILL)


@asynccontextmanager
async def running_server(
    home: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> AsyncIterator[RunningServer]:
    """A server that is up; ended with the block."""
    server = RunningServer(home, *arguments, env=env)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
