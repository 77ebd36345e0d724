"""Children of an earlier run: known by pid and start, and ended before they get in the way.

Children die with their server (`ferryman.processes`); this is for the one that was started in
the very instant in which its server was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_GRACE = 5.0
_KILLED = 5.0


def remember(folder: Path, name: str, pid: int) -> None:
    """Note that the child `name` runs as `pid`."""
    record = {"pid": pid, "started": _started(pid)}
    (folder / f"{name}.json").write_text(json.dumps(record))


def end_leftovers(folder: Path, tell: Callable[[str], None]) -> None:
    """End what earlier runs noted in `folder` and what still runs."""
    for path in sorted(folder.glob("*.json")):
        pid = _still_running(path)
        if pid is not None:
            tell(f"ending the {path.stem} (process {pid}) that an earlier run left behind")
            _end(pid)
        path.unlink()


def _still_running(path: Path) -> int | None:
    try:
        record = json.loads(path.read_text())
        pid, started = record["pid"], record["started"]
    except (ValueError, KeyError, TypeError):
        return None  # cut short by a kill: the child had not begun either
    return pid if started is not None and _started(pid) == started else None


def _started(pid: int) -> int | None:
    """When a process began, in ticks since boot: with its pid, this names it for good."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    # proc(5): after the name come the state (3rd) and, as the 22nd, the start.
    return None if fields[0] == "Z" else int(fields[19])


def _end(pid: int) -> None:
    for asked, patience in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _KILLED)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, asked)
        deadline = time.monotonic() + patience
        while _started(pid) is not None and time.monotonic() < deadline:
            time.sleep(0.02)
