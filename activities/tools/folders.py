"""Folders held open: below them no link is followed, whatever is moved or linked meanwhile."""

from __future__ import annotations

import errno
import os
import posixpath
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from stat import S_ISREG
from typing import Final, Literal, NamedTuple

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not hold us up
_REWRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK
_CHUNK: Final = 1 << 20


class Place(NamedTuple):
    """A file or folder: `name` below `root`. Links above the root may be followed, none below."""

    root: Path
    name: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.root / self.name

    @property
    def parent(self) -> tuple[Place, str]:
        """The folder that it is in, and what it is called there."""
        folder, name = posixpath.split(self.name)
        return Place(self.root, folder), name

    def below(self, name: str) -> Place:
        """What is called `name` in this folder."""
        return Place(self.root, posixpath.join(self.name, name) if name else self.name)


class Entry(NamedTuple):
    """What stands in a folder, by its path below it."""

    name: str
    kind: Literal["folder", "file", "link", "other"]


LeaveOut = Callable[[Entry], bool]
"""Whether something is left out; with a folder goes all that is below it."""


@contextmanager
def opened(place: Place, *, make: bool = False) -> Iterator[int]:
    """A descriptor of the folder; with `make`, what is missing on the way is made.

    Raises NotADirectoryError where a file or a link is in the way.
    """
    folder = os.open(place.root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in filter(None, place.name.split("/")):
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=folder)
            below = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def walk(start: Place, leave_out: LeaveOut) -> Iterator[Entry]:
    """Go through all that is below a folder, folder by folder, in the order of their names."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with opened(start.below(folder)) as descriptor:
            entries = _listed(descriptor, folder)
        for entry in entries:
            if leave_out(entry):
                continue
            yield entry
            if entry.kind == "folder":
                waiting.append(entry.name)


def reading(folder: int, name: str) -> BufferedReader:
    """Open a file of a folder; raises OSError for what is none."""
    file = os.fdopen(os.open(name, _READ, dir_fd=folder), "rb")
    if not S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is neither a file, a folder nor a link")
    return file


def writing(folder: int, name: str, mode: int | None = None) -> BufferedWriter:
    """Open a file of a folder, emptied, with the permissions `mode`; None leaves them be."""
    new = 0o666 if mode is None else mode & 0o600
    descriptor = os.open(name, _REWRITE, new, dir_fd=folder)
    if mode is not None:
        os.fchmod(descriptor, mode)  # whatever the umask
    return os.fdopen(descriptor, "wb")


def creating(folder: int, name: str, mode: int | None = None) -> BufferedWriter:
    """Open a new file of a folder, in place of the file or link that stood there."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    return writing(folder, name, mode)


def copy(source: int, name: str, target: int, new_name: str) -> None:
    """Copy a file with its permissions, or a link."""
    try:
        leads = os.readlink(name, dir_fd=source)
    except OSError:  # it is no link
        with reading(source, name) as old:
            mode = os.fstat(old.fileno()).st_mode & 0o777
            with creating(target, new_name, mode) as new:
                shutil.copyfileobj(old, new, _CHUNK)
        return
    with suppress(FileNotFoundError):
        os.unlink(new_name, dir_fd=target)
    os.symlink(leads, new_name, dir_fd=target)


def move(source: int, name: str, target: int, new_name: str) -> None:
    """Move a file or a link, in place of the one that stood there."""
    os.replace(name, new_name, src_dir_fd=source, dst_dir_fd=target)


def remove(place: Place) -> None:
    """Remove a file, a link, or a folder with all that is in it; it may be gone already."""
    folder, name = place.parent
    with opened(folder) as descriptor, suppress(FileNotFoundError):
        try:
            os.unlink(name, dir_fd=descriptor)
        except (IsADirectoryError, PermissionError):  # the second is how macOS says it
            shutil.rmtree(name, dir_fd=descriptor)


def _listed(descriptor: int, folder: str) -> list[Entry]:
    with os.scandir(descriptor) as found:
        listed = [Entry(posixpath.join(folder, entry.name), _kind(entry)) for entry in found]
    return sorted(listed)


def _kind(entry: os.DirEntry[str]) -> Literal["folder", "file", "link", "other"]:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"
