"""Lock files in mirrors: which process uses a mirror, and what killed processes left behind."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LEFT_BEHIND: Final = ("*.lock", "fast_import_crash_*", "tmp_*", ".tmp-*")


class Usage:
    """Says to other processes that this one uses a mirror, until it ends or closes it."""

    def __init__(self, mirror: Path) -> None:
        self._descriptor = os.open(mirror / "ferryman.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self.touch()
        if self._alone():
            clear(mirror)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def touch(self) -> None:
        """Note that it is used now."""
        os.utime(self._descriptor)

    def become_only(self) -> bool:
        """Whether no other process uses the mirror, and none can begin to before `close`."""
        return self._alone()

    def close(self) -> None:
        """Use it no longer."""
        os.close(self._descriptor)

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def clear(mirror: Path, *, older_than: float = 0.0) -> None:
    """Remove lock and temporary files that were left by git processes now dead.

    Without `older_than` (seconds), nobody else may be using the mirror.
    """
    limit = time.time() - older_than
    for path in _left_behind(mirror):
        try:
            if path.stat().st_mtime <= limit:
                path.unlink()
        except FileNotFoundError:
            continue


def _left_behind(mirror: Path) -> Iterator[Path]:
    for folder in (mirror, mirror / "objects/info", mirror / "objects/pack"):
        for pattern in _LEFT_BEHIND:
            yield from (path for path in folder.glob(pattern) if path.name != "ferryman.lock")
    yield from (mirror / "refs").rglob("*.lock")
