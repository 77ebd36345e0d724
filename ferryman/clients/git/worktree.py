"""The files of a checkout on disk: put there, hashed, removed. Links are never followed."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISLNK
from typing import NamedTuple

from ferryman.clients.git.objects import Leaf

_LINK = 0o120000
_PROGRAM = 0o100755
_FILE = 0o100644
_SETTLED = 50_000_000
"""Nanoseconds within which a second change may not show in a file's times: their clock ticks."""


class Hashed(NamedTuple):
    """A file as it was when it was hashed."""

    signature: tuple[int, ...]
    at: int
    leaf: Leaf


Memo = dict[str, Hashed]
"""The files of one folder, by path: who is given it does not hash them again."""


class WorkTree:
    """What is on disk below one folder, as git would see it."""

    def __init__(self, root: Path, memo: Memo) -> None:
        self.root = root
        self.nested: set[str] = set()
        """Folders that are left to checkouts of their own."""
        self._hashed = memo

    def place(self, path: str, leaf: Leaf, content: bytes) -> None:
        """Write a file or link; what a step has put there, or in its way, stays."""
        try:
            parent = self._make_folders(path.split("/")[:-1])
            target = parent / path.rpartition("/")[2]
            if S_ISLNK(leaf.mode):
                target.symlink_to(os.fsdecode(content))
            else:
                _write(target, content, 0o777 if leaf.mode == _PROGRAM else 0o666)
        except (FileExistsError, NotADirectoryError):
            return
        self._remember(path, target.lstat(), leaf)

    def remove(self, path: str) -> None:
        """Remove a file or link, and the folders that are empty without it."""
        target = self.root / path
        target.unlink(missing_ok=True)
        for folder in target.relative_to(self.root).parents:
            try:
                (self.root / folder).rmdir() if folder.parts else None
            except OSError:  # something is left in it
                return

    def clear(self) -> None:
        """Remove everything; the root itself stays, and so do nested checkouts."""
        self._hashed.clear()
        self._clear("")

    def leaves(self) -> dict[str, Leaf]:
        """Return every file and link, by path. What has not changed since is not read again."""
        found = {path: self._leaf(path, stat) for path, stat in self._files()}
        for path in [path for path in self._hashed if path not in found]:
            del self._hashed[path]
        return found

    def leaf(self, path: str) -> Leaf | None:
        """Return the file or link at `path`, if there is one."""
        try:
            stat = (self.root / path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return None if S_ISDIR(stat.st_mode) else self._leaf(path, stat)

    def content(self, path: str) -> bytes:
        """Return a file's bytes, or where a link leads."""
        target = self.root / path
        return os.fsencode(target.readlink()) if target.is_symlink() else target.read_bytes()

    def _clear(self, folder: str) -> None:
        for entry in (self.root / folder).iterdir():
            path = f"{folder}/{entry.name}" if folder else entry.name
            if path in self.nested:
                continue
            if not entry.is_dir() or entry.is_symlink():
                entry.unlink()
            elif any(nested.startswith(f"{path}/") for nested in self.nested):
                self._clear(path)
            else:
                shutil.rmtree(entry)

    def _leaf(self, path: str, stat: os.stat_result) -> Leaf:
        known = self._hashed.get(path)
        # A file that was hashed in the tick of its last change may have changed in that tick.
        if known and known.signature == _signature(stat) and known.at - stat.st_ctime_ns > _SETTLED:
            return known.leaf
        leaf = Leaf(_mode(stat), _blob_id(self.content(path)))
        self._remember(path, stat, leaf)
        return leaf

    def _remember(self, path: str, stat: os.stat_result, leaf: Leaf) -> None:
        self._hashed[path] = Hashed(_signature(stat), time.time_ns(), leaf)

    def _files(self, folder: str = "") -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.root / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.name == ".git" or path in self.nested:  # never part of a tree
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from self._files(path)
                elif entry.is_symlink() or entry.is_file():
                    yield path, entry.stat(follow_symlinks=False)

    def _make_folders(self, names: list[str]) -> Path:
        """Make a path's folders; NotADirectoryError means that a file or link is in the way."""
        folder = self.root
        for name in names:
            folder /= name
            try:
                folder.mkdir()
            except FileExistsError:
                if not S_ISDIR(folder.lstat().st_mode):
                    raise NotADirectoryError from None
        return folder


def _write(target: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _mode(stat: os.stat_result) -> int:
    if S_ISLNK(stat.st_mode):
        return _LINK
    return _PROGRAM if stat.st_mode & 0o100 else _FILE


def _signature(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _blob_id(content: bytes) -> str:
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
