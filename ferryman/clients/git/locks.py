"""Lock files in mirrors: which process uses a mirror, and what killed processes left behind."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LEFT_BEHIND: Final = ("*.lock", "fast_import_crash_*", "tmp_*", ".tmp-*")
_OURS: Final = "ferryman.lock"
_CLOSED: Final = -1
_TICK: Final = 1.0
"""Seconds by which a file may look older than it is: more than any file system rounds."""


class Usage:
    """Says to other processes that this one uses a mirror, until it ends or closes it."""

    def __init__(self, mirror: Path) -> None:
        self._mirror = mirror
        self._descriptor = os.open(mirror / _OURS, os.O_RDWR | os.O_CREAT, 0o600)
        self.touch()
        self.clear(before=float("inf"))

    def touch(self) -> None:
        """Note that it is used now."""
        os.utime(self._descriptor)

    def clear(self, *, before: float) -> None:
        """Remove what git processes left that are dead, if no other process uses the mirror.

        Those of this process that live have begun at `before` or later.
        """
        if self._descriptor == _CLOSED:
            return
        try:
            if self.become_only():
                clear(self._mirror, before=before - _TICK)
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def become_only(self) -> bool:
        """Whether no other process uses the mirror, and none can begin to before `close`."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Use it no longer."""
        descriptor, self._descriptor = self._descriptor, _CLOSED
        if descriptor != _CLOSED:
            os.close(descriptor)


def clear(mirror: Path, *, before: float) -> None:
    """Remove lock and temporary files that are older than the time `before`: those of the dead."""
    for path in _left_behind(mirror):
        try:
            if path.stat().st_mtime <= before:
                path.unlink()
        except FileNotFoundError:
            continue


def seconds_ago(seconds: float) -> float:
    """Return the time so long before now, as files have it."""
    return time.time() - seconds


def _left_behind(mirror: Path) -> Iterator[Path]:
    for folder in (mirror, mirror / "objects/info", mirror / "objects/pack"):
        for pattern in _LEFT_BEHIND:
            yield from (path for path in folder.glob(pattern) if path.name != _OURS)
    yield from (mirror / "objects/info").glob("*/*.lock")
    yield from (mirror / "objects").glob("??/tmp_obj_*")
    yield from (mirror / "refs").rglob("*.lock")
