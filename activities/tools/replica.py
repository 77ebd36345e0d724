"""Replica: a private copy of what a tool reads, where it may also write as it likes.

helm and kustomize follow links, reach for folders beside the one that they are given, and leave
downloads behind. In a replica there are no links, nothing of other Promotions or of this machine,
and what they leave goes away with it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from activities.tools.paths import confined
from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError

_MOST_LINKS = 1000
"""Links that are followed; more are most likely a circle."""


class Replica:
    """Parts of a workspace, each at its own place below `root`."""

    def __init__(self, workspace: Workspace, root: Path) -> None:
        self.root = root
        self._workspace = workspace
        self._links = 0

    async def take(self, path: str, *, field: str) -> Path:
        """Copy a file or a whole folder, where there is one; return where it is now."""
        await self.take_all([path], field=field)
        return self.place(path, field=field)

    async def take_all(self, paths: Sequence[str], *, field: str) -> None:
        """Copy files and whole folders, those that there are.

        Links become what they lead to. Raises InvalidError for a path or a link that leaves the
        work tree.
        """
        places = {path: self.place(path, field=field) for path in paths}
        await self._workspace.export(paths, self.root)
        base, pairs = self._workspace.root.resolve(), list[tuple[Path, Path]]()
        for path, place in places.items():
            source = confined(base, path, field=field)
            if source.relative_to(base) != place.relative_to(self.root):
                source = await self._workspace.bring(path, field=field)  # a link, and its target
            pairs.append((source, place))
        for links, pair in zip(await asyncio.to_thread(_all_copied, pairs), pairs, strict=True):
            for link in links:
                await self._follow(link, *pair, field)

    def place(self, path: str, *, field: str) -> Path:
        """Where `path` is, or would be; raises InvalidError when it leads out of the replica."""
        inside = os.path.normpath(path)
        if inside.startswith(("/", "../")) or inside == "..":
            raise InvalidError(
                f"{path!r} leaves the promotion's work tree; use a path below it", field=field
            )
        return self.root / inside

    async def _follow(self, link: Path, source: Path, place: Path, field: str) -> None:
        self._links += 1
        name = link.relative_to(self._workspace.root.resolve()).as_posix()
        if self._links > _MOST_LINKS:
            raise InvalidError(f"{name!r} is one link too many; do links lead in circles?")
        target = await self._workspace.bring(name, field=field)
        there = place / link.relative_to(source)
        for further in await asyncio.to_thread(_copied, target, there):
            await self._follow(further, target, there, field)


@asynccontextmanager
async def replica(workspace: Workspace) -> AsyncIterator[Replica]:
    """A replica with nothing in it yet, which lasts as long as the block."""
    scratch = await asyncio.to_thread(tempfile.mkdtemp, prefix="replica-", dir=workspace.folder)
    try:
        yield Replica(workspace, Path(scratch))
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)


def _all_copied(pairs: Sequence[tuple[Path, Path]]) -> list[list[Path]]:
    return [_copied(source, place) for source, place in pairs]


def _copied(source: Path, place: Path) -> list[Path]:
    """Copy a file or folder, but for git's data; return the links that were left out."""
    if source.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        return []
    links = []
    for folder, folders, files in os.walk(source):
        target = place / Path(folder).relative_to(source)
        target.mkdir(parents=True, exist_ok=True)
        folders[:] = [name for name in folders if name.lower() != ".git"]
        for name in (*folders, *files):
            entry = Path(folder, name)
            if entry.is_symlink():
                links.append(entry)
            elif entry.is_file() and name.lower() != ".git":
                shutil.copyfile(entry, target / name)
    return links
