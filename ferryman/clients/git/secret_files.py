"""Secrets that a program wants as a file: mode 0600, gone after the program.

What killed processes left behind is removed when the next one starts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ferryman.clients.git.threads import refused

GPG_HOME = "ferryman-gpg-"
"""How gpg's folders begin. They are below the folder of temporary files, not below our data,
whose path may be longer than the 100 bytes that a socket's path may have."""


@contextmanager
def secret_file(text: str, folder: Path) -> Iterator[Path]:
    """Keep a text in a file for as long as the block lasts; `folder` has mode 0700."""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix="key-")  # mode 0600
    except OSError as error:
        raise refused(error) from None
    try:
        _write(descriptor, text)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def sweep(folder: Path, *, oldest: float) -> None:
    """Remove what is older than `oldest` seconds: it is nobody's any more."""
    limit = time.time() - oldest
    for file in folder.glob("key-*"):
        if _is_nobodys(file, limit):
            file.unlink(missing_ok=True)
    for home in Path(tempfile.gettempdir()).glob(f"{GPG_HOME}*"):
        if _is_nobodys(home, limit):
            shutil.rmtree(home, ignore_errors=True)


def _write(descriptor: int, text: str) -> None:
    try:
        with os.fdopen(descriptor, "w") as file:
            # ssh wants every line ended, and by no more than a line feed.
            file.writelines(f"{line}\n" for line in text.strip().splitlines())
    except OSError as error:
        raise refused(error) from None


def _is_nobodys(path: Path, limit: float) -> bool:
    with suppress(FileNotFoundError):  # somebody has just removed it
        found = path.stat()
        return found.st_mtime < limit and found.st_uid == os.getuid()
    return False
