"""`python -m api`, as the server and containers run it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.serving import serve
from ferryman.domain.errors import InvalidError
from ferryman.settings import Settings
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.tokens import Tokens
from tests.api.conftest import TOKEN
from tests.ports import fresh_port
from tests.samples import PIPELINE

pytestmark = pytest.mark.slow


async def _set_up(settings: Settings) -> None:
    database = Database(settings.store_url())
    await migrate(database)
    await Tokens(database).accept(TOKEN, "admin", now=datetime.now(UTC))
    await database.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of a process whose store is set up, and whose Temporal is away."""
    settings = Settings(data=tmp_path)
    settings.keys()
    asyncio.run(_set_up(settings))
    inherited = {name: value for name, value in os.environ.items() if "FERRYMAN" not in name}
    return inherited | {
        "FERRYMAN_DATA": str(tmp_path),
        "FERRYMAN_PORT": str(fresh_port()),
        "FERRYMAN_TEMPORAL__ADDRESS": "127.0.0.1:1",
    }


@pytest.fixture
def process(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process, once it listens."""
    command = [sys.executable, "-m", "api"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        try:
            while running.poll() is None and not _answers(environment["FERRYMAN_PORT"]):
                time.sleep(0.05)
            yield running
        finally:
            running.kill()


def _answers(port: str) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", int(port))):
        return True
    return False


def test_it_serves_without_temporal_and_ends_when_asked(
    environment: dict[str, str], process: subprocess.Popen[str]
) -> None:
    """SQL is enough to declare and read; SIGTERM ends it with exit code 0."""
    url = f"http://127.0.0.1:{environment['FERRYMAN_PORT']}/v1beta1"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(trust_env=False, headers=headers, timeout=30) as client:
        applied = client.put(f"{url}/resources?upsert=true", content=PIPELINE)
        assert applied.status_code == 200
        assert client.get(f"{url}/projects").json()["total"] == 1
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "a nudge failed; the sweep will find the work" in said
    assert "Traceback" not in said


async def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    """It names port and host, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InvalidError, match=f"port {port} on 127.0.0.1.*FERRYMAN_PORT"):
            await serve(Settings(data=tmp_path, port=port))
