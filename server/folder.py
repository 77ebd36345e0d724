"""The data folder: everything that this machine keeps, used by one server at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ferryman.domain.errors import PermanentError


class DataFolder:
    """Where things are in the folder at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.children = path / "children"
        self.lock = path / "lock"
        self.temporal = path / "temporal.db"
        self.admin_token = path / "admin-token"


@contextmanager
def opened(path: Path) -> Iterator[DataFolder]:
    """Make the folder where it is missing, and hold it against other servers meanwhile.

    Raises PermanentError if it cannot be written or another server has it.
    """
    folder = DataFolder(path.expanduser().absolute())
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.logs.mkdir(exist_ok=True)
        folder.children.mkdir(exist_ok=True)
        lock = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PermanentError(
            f"the data folder {folder.path} cannot be used ({error.strerror}: {error.filename}): "
            "make it a folder that you may write to, or choose another with --data"
        ) from error
    try:
        _take(lock, folder)
        yield folder
    finally:
        os.close(lock)  # which lets go of it, as our death would


def _take(lock: int, folder: DataFolder) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 32, 0).decode(errors="replace").strip() or "?"
        raise PermanentError(
            f"another server (process {holder}) uses the data folder {folder.path}: "
            "stop that one, or choose another folder with --data"
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
