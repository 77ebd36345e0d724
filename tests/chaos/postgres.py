"""PostgreSQL as a part: a cluster of its own that survives kill -9."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ferryman import processes
from server.log import Log
from server.program import Program

_USER = "postgres"


@contextmanager
def postgres_program(port: int) -> Iterator[Program]:
    """How a new cluster runs, whose database is called postgres; it is removed after the block."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-pg-"))  # where its own user may go
    as_user = _as_user(folder)
    making = [*as_user, _found("initdb"), "-A", "trust", "-U", "ferryman", "--no-sync"]
    subprocess.run([*making, "-D", str(folder)], check=True, stdout=subprocess.DEVNULL)
    running = [*as_user, _found("postgres"), "-D", str(folder), "-p", str(port), "-k", str(folder)]
    # What a kill could lose is in the system's hands by then: fsync is for power cuts.
    for setting in ("listen_addresses=127.0.0.1", "fsync=off", "max_connections=200"):
        running += ["-c", setting]
    asking = [_found("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    async def ready(_log: Log) -> bool:
        return (await processes.run(asking)).code == 0

    try:
        yield Program("postgres", running, {}, ready)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url_at(port: int) -> str:
    """How it is reached."""
    return f"postgresql://ferryman@127.0.0.1:{port}/postgres"


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; what runs it gives way to it, so that pids are right."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, _USER, _USER)
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]


def _found(program: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    found = shutil.which(program) or next(map(str, debian), None)
    if found is None:
        raise FileNotFoundError(f"{program} is missing: apt-get install postgresql")
    return found
