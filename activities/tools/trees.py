"""Whole files and folders of the work tree: what is in them, and putting many files at once."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple

from activities.tools.disk import on_disk
from activities.tools.folders import Entry, LeaveOut, Place, copy, creating, opened, walk
from activities.tools.paths import check_links
from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError

_IN_THE_WAY: Final = {errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENOTDIR}

How = Callable[[int, str, int, str], None]
"""`folders.copy` or `folders.move`."""


class Tree(NamedTuple):
    """What a path names: a folder with all that is below it, or a file, alone in its folder."""

    folder: Place
    entries: list[Entry]
    is_file: bool


async def listed(workspace: Workspace, path: str, leave_out: LeaveOut, *, field: str) -> Tree:
    """What stands at `path`, all of it brought to disk; InvalidError when there is nothing."""
    place = await workspace.reach(path, field=field)
    tree = await on_disk(partial(_listed, place, leave_out), path, field=field)
    if tree is None:
        raise InvalidError(f"there is no file or folder {path!r}", field=field)
    for entry in tree.entries:
        if entry.kind == "other":
            message = f"{entry.name!r} in {path!r} is neither a file, a folder nor a link"
            raise InvalidError(f"{message}; it cannot be taken along", field=field)
    return tree


async def put(
    workspace: Workspace,
    source: Place,
    entries: Sequence[Entry],
    path: str,
    how: How,
    *,
    field: str,
) -> None:
    """Put the `entries` of the folder `source` below `path`, over what is there.

    Raises InvalidError where something of another kind is in the way, and for links that lead
    out of the work tree from there.
    """
    names = [entry.name for entry in entries if entry.kind != "folder"]
    target = await workspace.reach(path, names, field=field, overwrite=True)
    if target.path.is_relative_to(source.path):
        raise InvalidError(f"{path!r} lies in what is copied; give a path beside it", field=field)
    await on_disk(partial(_put, source, target, entries, how, field), path, field=field)


async def put_contents(
    workspace: Workspace, contents: Mapping[str, bytes], path: str, *, field: str
) -> None:
    """Put files with these `contents`, by name, in the folder `path`, over what is there."""
    target = await workspace.reach(path, list(contents), field=field, overwrite=True)
    await on_disk(partial(_put_contents, contents, target, field), path, field=field)


async def copy_file(workspace: Workspace, source: Place, path: str, *, field: str) -> None:
    """Copy one file to `path`, which is no folder; a link there is followed."""
    target = await workspace.reach(path, field=field)
    if await on_disk(target.path.is_dir, path, field=field):
        name = posixpath.basename(source.name)
        message = f"{path!r} is a folder; name the file in it: {posixpath.join(path, name)!r}"
        raise InvalidError(message, field=field)
    await on_disk(partial(_copy_file, source, target, field), path, field=field)


def _listed(place: Place, leave_out: LeaveOut) -> Tree | None:
    if place.path.is_dir():
        return Tree(place, list(walk(place, leave_out)), is_file=False)
    if not place.path.exists():
        return None
    folder, name = place.parent
    return Tree(folder, [Entry(name, "file" if place.path.is_file() else "other")], is_file=True)


def _put(source: Place, target: Place, entries: Sequence[Entry], how: How, field: str) -> None:
    with _unhindered(target.name, field), opened(target, make=True):
        pass  # without any entries, too, it is a folder
    for folder, group in groupby(entries, key=lambda entry: posixpath.dirname(entry.name)):
        there = target.below(folder)
        with (
            opened(source.below(folder)) as old,
            _unhindered(there.name, field),
            opened(there, make=True) as new,
        ):
            for entry in group:
                name = posixpath.basename(entry.name)
                with _unhindered(posixpath.join(there.name, name), field):
                    if entry.kind != "folder":
                        how(old, name, new, name)
                        continue
                    with opened(there.below(name), make=True):
                        pass
    links = [entry.name for entry in entries if entry.kind == "link"]
    check_links(target.path, links, within=target.root, field=field)


def _put_contents(contents: Mapping[str, bytes], target: Place, field: str) -> None:
    with _unhindered(target.name, field), opened(target, make=True) as folder:
        for name, content in contents.items():
            with (
                _unhindered(posixpath.join(target.name, name), field),
                creating(folder, name) as file,
            ):
                file.write(content)


def _copy_file(source: Place, target: Place, field: str) -> None:
    (old_folder, old_name), (new_folder, new_name) = source.parent, target.parent
    with (
        _unhindered(target.name, field),
        opened(old_folder) as old,
        opened(new_folder, make=True) as new,
    ):
        copy(old, old_name, new, new_name)


@contextmanager
def _unhindered(name: str, field: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _IN_THE_WAY:
            raise
        message = (
            f"{name!r} cannot be put there: a link, or something of another kind, is in its way"
        )
        raise InvalidError(message, field=field) from None
