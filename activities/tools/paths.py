"""Paths that steps are given, confined to the work tree."""

from __future__ import annotations

from pathlib import Path

from ferryman.domain.errors import InvalidError


def confined(root: Path, path: str, *, field: str = "path") -> Path:
    """The absolute path of `path` below `root`, symbolic links resolved.

    Raises InvalidError when it would leave the tree, or reach into git's own data.
    """
    if "\0" in path:
        raise InvalidError("has a NUL character", field=field)
    base = root.resolve()
    try:
        target = (base / path).resolve()
    except (OSError, RuntimeError):  # which of them depends on the Python version
        raise InvalidError(f"{path!r} leads through links in a circle", field=field) from None
    if Path(path).is_absolute() or not target.is_relative_to(base):
        raise InvalidError(
            f"{path!r} leaves the promotion's work tree; use a path below it", field=field
        )
    inside = target.relative_to(base).parts
    if any(part.lower() == ".git" for part in inside):
        raise InvalidError(f"{path!r} is git's own; steps may not touch it", field=field)
    return target
