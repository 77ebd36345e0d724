"""A real PostgreSQL for tests: one per test process, a fresh database per test.

A conftest that imports both fixtures has them.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.ports import fresh_port

_PATIENCE = 30.0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server, without a database's name."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty database."""
    name = f"t{uuid4().hex}"
    _run("psql", f"{postgres_server}/postgres", "-qc", f"create database {name}")
    return f"{postgres_server}/{name}"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server of its own on a free loopback port; skips where PostgreSQL is missing."""
    folder = Path(tempfile.mkdtemp(prefix="ferryman-pg-"))
    identity = _identity(folder)
    port = fresh_port()
    _run("initdb", "-A", "trust", "-U", "ferryman", "--no-sync", "-D", str(folder), **identity)
    process = subprocess.Popen(
        [
            _program("postgres"),
            *("-D", str(folder), "-p", str(port), "-k", str(folder)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **identity,
    )
    try:
        _wait_until_ready(process, port)
        yield f"postgresql://ferryman@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)  # "fast": end the sessions, then stop
        process.wait(_PATIENCE)
        shutil.rmtree(folder)


def _identity(folder: Path) -> dict[str, Any]:
    # PostgreSQL refuses to run as root; Debian's package makes this user.
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    asking = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + _PATIENCE
    while subprocess.run(asking, check=False).returncode != 0:
        assert process.poll() is None, "PostgreSQL ended while it was starting"
        assert time.monotonic() < deadline, f"PostgreSQL is not ready after {_PATIENCE:.0f} s"
        time.sleep(0.05)


def _run(program: str, *arguments: str, **options: Any) -> None:
    subprocess.run(
        [_program(program), *arguments], check=True, stdout=subprocess.DEVNULL, **options
    )


def _program(name: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, debian), None)
    if found is None:
        pytest.skip(f"{name} is missing: apt-get install postgresql-15")
    return found
