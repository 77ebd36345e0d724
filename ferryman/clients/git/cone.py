"""A cone: the part of a checkout that `sparse` names, as git-sparse-checkout means it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ferryman.domain.errors import InvalidError

_PATTERN = re.compile(r"^!|[*?\[\]\\]")


@dataclass(frozen=True, slots=True)
class Cone:
    """Some folders with all that is below them, and of each folder above them its own files."""

    folders: frozenset[str]
    on_the_way: frozenset[str]
    """These folders and all above them, the root ("") too; none: everything is in the cone."""

    @classmethod
    def of(cls, names: Sequence[str]) -> Cone:
        """Return the cone of these folders, of everything where there are none.

        Raises `InvalidError` for patterns, and for what is no path within the checkout.
        """
        folders = frozenset(map(_folder, names))
        return cls(folders, frozenset(at for folder in folders for at in _and_above(folder)))

    def has(self, path: str) -> bool:
        """Whether a file at `path` is in it."""
        parent = posixpath.dirname(path)
        return not self.on_the_way or parent in self.on_the_way or self._holds(parent)

    def reaches(self, folder: str) -> bool:
        """Whether anything at or below a folder can be in it."""
        return not self.on_the_way or folder in self.on_the_way or self._holds(folder)

    def _holds(self, folder: str) -> bool:
        return any(at in self.folders for at in _and_above(folder) if at)


def _and_above(folder: str) -> Iterator[str]:
    """Yield a folder and all above it, up to the root."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _folder(name: str) -> str:
    normal = posixpath.normpath(name)
    if _PATTERN.search(name):
        raise InvalidError(f"{name!r} is a pattern; name folders", field="sparse")
    if not name or normal.startswith("/") or normal.split("/")[0] == "..":
        raise InvalidError(f"{name!r} is no folder within the checkout; name one", field="sparse")
    return "" if normal == "." else normal
