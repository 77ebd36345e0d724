"""The server as a whole: up, drained, killed, and up again."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from ferryman.processes import started
from server.leftovers import remember
from server.ports import LOOPBACK, refusal
from server.temporal import temporal_binary
from tests.eventually import eventually
from tests.servers.ferryman import RunningServer, running_server

pytestmark = pytest.mark.servers

_PROJECT = "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: echo}\n"


async def test_a_server_is_up_with_a_login_and_ends_in_order(tmp_path: Path) -> None:
    """The next command needs no setting up; Ctrl-C leaves no process behind."""
    async with running_server(tmp_path) as server, server.client() as client:
        assert (await client.get("/projects")).is_success
        assert (await client.get("/projects", headers={"Authorization": "x"})).is_client_error
        children = server.children()
        assert len(children) == 3
        assert await server.signal(signal.SIGINT) == 0
        assert server.output.read_text().endswith("Stopped.\n")
        assert not _alive(children)


async def test_a_part_that_was_killed_comes_back(tmp_path: Path) -> None:
    """The server says so, and goes on."""
    async with running_server(tmp_path) as server:
        for name in ("temporal", "worker", "api"):
            os.kill(server.child(name), signal.SIGKILL)
            await eventually(partial(server.said, f"{name} is back"), seconds=60)
            assert server.said(f"{name} was ended by SIGKILL; starting it again")
        await _declare(server)
        assert await _projects(server) == ["echo"]


async def test_a_killed_server_leaves_nothing_and_the_next_start_goes_on(tmp_path: Path) -> None:
    """Its children die with it; what was declared is there afterwards, with the same token."""
    async with running_server(tmp_path) as server:
        token = server.token
        await _declare(server)
        children = server.children()
        await server.signal(signal.SIGKILL)
        await eventually(lambda: not _alive(children))
        await server.start()
        assert server.token == token
        assert await _projects(server) == ["echo"]


async def test_a_temporal_that_an_earlier_run_left_behind_is_ended(tmp_path: Path) -> None:
    """It holds the port and the file; the start finds and ends it."""
    server = RunningServer(tmp_path)
    children = server.data / "children"
    children.mkdir(parents=True)
    argv = [
        *(temporal_binary(), "server", "start-dev", "--headless", "--log-level", "never"),
        *("--port", str(server.temporal_port), "--db-filename", str(server.data / "temporal.db")),
    ]
    async with started(argv) as left_behind:
        remember(children, "temporal", left_behind.pid)
        await eventually(lambda: refusal(LOOPBACK, server.temporal_port) is not None)
        try:
            await server.start()
        finally:
            await server.stop()
        assert left_behind.returncode is not None
        assert server.said(f"ending the temporal (process {left_behind.pid})")


async def test_a_server_on_postgresql_keeps_its_store_there(
    tmp_path: Path, postgres_url: str
) -> None:
    """The same code with the store elsewhere; the data folder then has none."""
    env = {"FERRYMAN_DATABASE_URL": postgres_url}
    async with running_server(tmp_path, env=env) as server:
        await _declare(server)
        assert await _projects(server) == ["echo"]
        assert not (server.data / "ferryman.db").exists()


async def _declare(server: RunningServer) -> None:
    async with server.client() as client:
        answer = await client.put("/resources", params={"upsert": "true"}, content=_PROJECT)
        assert answer.is_success, answer.text


async def _projects(server: RunningServer) -> list[str]:
    async with server.client() as client:
        answer = (await client.get("/projects")).json()
        return [project["metadata"]["name"] for project in answer["items"]]


def _alive(pids: Sequence[int]) -> list[int]:
    """Those of them that still run."""
    alive = []
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            alive.append(pid)
    return alive
