"""A fingerprint of loose files: those that are in no checkout."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Collection, Iterator
from itertools import groupby

from activities.tools.folders import Entry, Place, opened, reading, walk
from activities.tools.ignoring import is_gits_own


def loose_files(root: Place, checkouts: Collection[str]) -> bytes:
    """A hash of the name, kind and content of each loose file and link.

    Of a file's mode only what git keeps counts, whether it is a program: the rest depends on the
    worker's umask. Raises OSError.
    """
    digest = hashlib.sha256()
    if "." in checkouts:
        return digest.digest()
    for name, fact in _facts(root, checkouts):
        digest.update(b"%s\0%s\0" % (os.fsencode(name), fact))
    return digest.digest()


def _facts(root: Place, checkouts: Collection[str]) -> Iterator[tuple[str, bytes]]:
    def leave_out(entry: Entry) -> bool:
        return entry.name in checkouts or is_gits_own(entry)

    entries = (entry for entry in walk(root, leave_out) if entry.kind in {"file", "link"})
    for folder, group in groupby(entries, key=lambda entry: posixpath.dirname(entry.name)):
        with opened(root.below(folder)) as descriptor:
            for entry in group:
                name = posixpath.basename(entry.name)
                fact = _link if entry.kind == "link" else _file
                yield entry.name, fact(descriptor, name)


def _link(folder: int, name: str) -> bytes:
    return b"link " + os.fsencode(os.readlink(name, dir_fd=folder))


def _file(folder: int, name: str) -> bytes:
    with reading(folder, name) as file:
        program = b"program " if os.fstat(file.fileno()).st_mode & 0o100 else b"file "
        return program + hashlib.file_digest(file, "sha256").hexdigest().encode()
