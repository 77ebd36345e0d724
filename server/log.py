"""A child's log: a file that it appends to, kept from growing without end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import IO

_LARGEST = 8 * 1024 * 1024
_TAIL = 64 * 1024


class Log:
    """The log at `path`; what it held before moves to `<path>.1` when it has become large."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin = 0

    def opened(self) -> IO[bytes]:
        """For a process that starts now; `said` begins here."""
        self.bound()
        file = self.path.open("ab")
        self._begin = file.tell()
        return file

    def said(self) -> str:
        """What the latest process has written, or the end of it."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(self._begin, size - _TAIL))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def last_line(self) -> str:
        """The last thing that the latest process said."""
        lines = [line.strip() for line in self.said().splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def bound(self) -> None:
        """Begin the file anew if it is too large; processes that append to it may go on."""
        if self.path.exists() and self.path.stat().st_size > _LARGEST:
            shutil.copyfile(self.path, self.path.with_name(f"{self.path.name}.1"))
            os.truncate(self.path, 0)
            self._begin = 0
