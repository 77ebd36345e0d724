"""A whole Ferryman as its users run it: `python -m server` with a data folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx

from tests.ports import fresh_port

_START_SECONDS = 60.0


def _ports() -> tuple[int, int, int]:
    """For the API, Temporal and its UI."""
    return fresh_port(), fresh_port(), fresh_port()


@dataclass
class Installation:
    """One data folder and its ports; may be started, killed and started again."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    ports: tuple[int, int, int] = field(default_factory=_ports)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def temporal(self) -> str:
        """The address of its Temporal."""
        return f"127.0.0.1:{self.ports[1]}"

    @property
    def env(self) -> dict[str, str]:
        """An environment of its own: HOME, login, no proxies."""
        kept = {k: os.environ[k] for k in ("PATH", "LANG") if k in os.environ}
        home = {"HOME": str(self.folder / "home"), "XDG_CONFIG_HOME": str(self.folder / "config")}
        return kept | home | self.environment

    async def start(self) -> None:
        """Start the server, and wait until API and worker are there."""
        api, temporal, ui = self.ports
        argv = [sys.executable, "-m", "server", "--data", str(self.data), "--port", str(api)]
        argv += ["--temporal-port", str(temporal), "--temporal-ui-port", str(ui)]
        (self.folder / "home").mkdir(exist_ok=True)
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(  # noqa: ASYNC220 - starting takes a millisecond
            argv, env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        await self.until(lambda: self._login().exists() and self._ready(), seconds=_START_SECONDS)

    def kill(self, *, freeze: bool = False) -> None:
        """End the server and all that it started with -9, at once; or freeze the worker."""
        for pid in self.children("worker") if freeze else self._everything():
            os.kill(pid, signal.SIGSTOP if freeze else signal.SIGKILL)
        if not freeze and self.process:
            self.process.wait()

    def thaw(self) -> None:
        """Let a frozen worker wake up."""
        for pid in self.children("worker"):
            os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ctrl-C, and what does not heed it is killed."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def children(self, name: str = "") -> list[int]:
        """The pids of the processes that the server has started."""
        if self.process is None:
            return []
        found = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line.split(None, 1) for line in found.stdout.splitlines()]
        return [int(pid) for pid, args in lines if name in args]

    def client(self) -> httpx.AsyncClient:
        """A client of its API, logged in as the CLI is."""
        login = json.loads(self._login().read_text())
        return httpx.AsyncClient(
            base_url=login["apiAddress"],
            headers={"Authorization": f"Bearer {login['bearerToken']}"},
            timeout=30,
        )

    async def apply(self, manifest: str) -> list[dict[str, Any]]:
        """Apply a manifest; raises for what was refused."""
        async with self.client() as client:
            answer = await client.put(
                "/v1beta1/resources?upsert=true",
                content=manifest,
                headers={"Content-Type": "text/plain"},
            )
        assert answer.is_success, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    async def get(self, path: str) -> Any:
        """Ask the API."""
        async with self.client() as client:
            answer = await client.get(f"/v1beta1/{path}")
        assert answer.is_success, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        """Tell the API."""
        async with self.client() as client:
            answer = await client.post(f"/v1beta1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def promotion(self, project: str, stage: str, *, phase: str, count: int = 1) -> Any:
        """The newest Promotion of a Stage, once `count` of its Promotions have that phase."""
        found: list[dict[str, Any]] = []

        async def look() -> bool:
            items = (await self.get(f"projects/{project}/promotions?stage={stage}"))["items"]
            found[:] = [i for i in items if i["status"]["phase"] == phase]
            return len(found) >= count

        await self.until(look)
        return max(found, key=lambda item: str(item["metadata"]["name"]))

    async def until(self, condition: Callable[[], Any], *, seconds: float = 60) -> None:
        """Wait for what another process does; the server's log tells why it never came."""
        try:
            async with asyncio.timeout(seconds):
                while not await _held(condition):
                    self._check_alive()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            logs = [self.folder / "server.log", *self.data.glob("logs/*.log")]
            told = "\n".join(f"== {p}\n{p.read_text()[-3000:]}" for p in logs if p.exists())
            raise AssertionError(f"it never came; {told}") from None

    def executions(
        self, promotion: str, *, by: Literal["uses", "path"] = "uses", run: int = 1
    ) -> dict[str, int]:
        """How often each step of a Promotion was begun in a run, by kind or path."""
        with sqlite3.connect(self.data / "ferryman.db") as store:
            rows = store.execute(
                "SELECT uses, path, executions FROM step WHERE promotion = ? AND run = ?",
                (promotion, run),
            )
            return {uses if by == "uses" else path: times for uses, path, times in rows}

    def _login(self) -> Path:
        return self.folder / "config" / "ferryman" / "config"

    def _check_alive(self) -> None:
        if self.process and self.process.poll() is not None:
            raise AssertionError((self.folder / "server.log").read_text())

    async def _ready(self) -> bool:
        try:
            async with self.client() as client:
                return (await client.get("/v1beta1/projects")).is_success and self._announced()
        except (httpx.HTTPError, ValueError):
            return False

    def _announced(self) -> bool:
        pid = self.process.pid if self.process else 0
        return pid > 0 and bool(self.children("worker"))

    def _everything(self) -> list[int]:
        server = [self.process.pid] if self.process and self.process.poll() is None else []
        # The server first: it would start its children again.
        return [*server, *self.children()]


async def _held(condition: Callable[[], Any]) -> bool:
    result = condition()
    if asyncio.iscoroutine(result):
        return bool(await result)
    return bool(result)
