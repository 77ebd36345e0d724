"""Writing tar archives; the same files always give the same bytes."""

from __future__ import annotations

import os
import posixpath
import tarfile
from collections.abc import Iterable
from gzip import GzipFile
from typing import BinaryIO

from activities.tools.folders import Entry, Place, opened, reading

_LEVEL = 6
"""Of gzip: its own default, between speed and size."""


def write_archive(
    file: BinaryIO, folder: Place, entries: Iterable[Entry], *, compress: bool
) -> None:
    """Write the `entries` of a folder, sorted by name, without times and owners.

    Permissions are those that git keeps, 0644 or 0755: all others depend on the worker's umask.
    """
    if compress:
        with GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            _write(packed, folder, entries)
    else:
        _write(file, folder, entries)


def _write(file: BinaryIO | GzipFile, folder: Place, entries: Iterable[Entry]) -> None:
    with tarfile.open(
        mode="w", fileobj=file, format=tarfile.PAX_FORMAT, encoding="utf-8"
    ) as archive:
        for entry in sorted(entries):
            _add(archive, folder, entry)


def _add(archive: tarfile.TarFile, folder: Place, entry: Entry) -> None:
    above, name = posixpath.split(entry.name)
    member = tarfile.TarInfo(entry.name)
    with opened(folder.below(above)) as descriptor:
        if entry.kind == "folder":
            member.type, member.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(member)
        elif entry.kind == "link":
            member.type, member.mode = tarfile.SYMTYPE, 0o777
            member.linkname = os.readlink(name, dir_fd=descriptor)
            archive.addfile(member)
        else:
            with reading(descriptor, name) as content:
                stat = os.fstat(content.fileno())
                member.size = stat.st_size
                member.mode = 0o755 if stat.st_mode & 0o100 else 0o644
                archive.addfile(member, content)
