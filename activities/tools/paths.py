"""Paths that steps are given, confined to the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator

from ferryman.domain.errors import InvalidError

_LONGEST = 255
"""Bytes of one name, on most file systems."""


def _below(path: str) -> str:
    return path.lstrip("/") or "." if path else path


TreePath = Annotated[str, AfterValidator(_below)]
"""A path in a step's config: one that begins with a slash begins at the work tree (Kargo §3)."""


def confined(root: Path, path: str, *, field: str = "path") -> Path:
    """The absolute path of `path` below `root`, symbolic links resolved.

    Raises InvalidError when it would leave the tree, reach into git's own data, or be on no disk.
    """
    _check_characters(path, field)
    base = root.resolve()
    try:
        target = (base / path).resolve()
    except (OSError, RuntimeError):  # which of them depends on the Python version
        raise InvalidError(f"{path!r} leads through links in a circle", field=field) from None
    if Path(path).is_absolute() or not target.is_relative_to(base):
        raise InvalidError(
            f"{path!r} leaves the promotion's work tree; use a path below it", field=field
        )
    _check_names(target.relative_to(base).parts, path, field)
    return target


def confined_entry(root: Path, path: str, *, field: str = "path") -> Path:
    """The same, but for a link at its end: that is meant itself, and not where it leads.

    Raises InvalidError for the work tree as a whole, too.
    """
    pure = PurePosixPath(path)
    if pure.name in {"", ".."}:
        target = confined(root, path, field=field)
    else:
        target = confined(root, str(pure.parent), field=field) / pure.name
        _check_names([pure.name], path, field)
    if target == root.resolve():
        raise InvalidError(f"{path!r} is the whole work tree; name what is in it", field=field)
    return target


def check_links(folder: Path, names: Iterable[str], *, within: Path, field: str) -> None:
    """Raise InvalidError where one of the links `names`, below `folder`, leads out of `within`."""
    base = within.resolve()
    for name in names:
        link = folder / name
        try:
            leads = link.readlink()
            inside = not leads.is_absolute() and link.resolve().is_relative_to(base)
        except (OSError, RuntimeError):
            inside = False
        if not inside:
            raise InvalidError(f"the link {name!r} leads out or in a circle", field=field)


def _check_characters(path: str, field: str) -> None:
    try:
        longest = max(map(len, os.fsencode(path).split(b"/")))
    except UnicodeEncodeError:
        raise InvalidError(
            "has half a surrogate pair, which no name can have", field=field
        ) from None
    if "\0" in path:
        raise InvalidError("has a NUL character", field=field)
    if longest > _LONGEST:
        raise InvalidError(f"has a name of more than {_LONGEST} bytes; shorten it", field=field)


def _check_names(names: Iterable[str], path: str, field: str) -> None:
    if any(name.lower() == ".git" for name in names):
        raise InvalidError(f"{path!r} is git's own; steps may not touch it", field=field)
