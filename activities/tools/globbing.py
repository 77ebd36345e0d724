"""Paths, and patterns of paths, as the entries of the work tree that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Final

from activities.tools.disk import on_disk
from activities.tools.folders import Entry, Place, walk
from activities.tools.ignoring import Patterns, is_gits_own
from activities.workspace import Workspace

_SPECIAL: Final = re.compile(r"[*?[\\]")


async def found(workspace: Workspace, path: str, *, is_glob: bool, field: str) -> list[Place]:
    """What is at `path`, brought to disk, links not followed; nothing is an empty list."""
    if not is_glob or not _SPECIAL.search(path):
        place = await workspace.reach(path, field=field, as_entry=True)
        there = await on_disk(partial(_exists, place), path, field=field)
        return [place] if there else []
    parts = PurePosixPath(path).parts
    plain = next(index for index, part in enumerate(parts) if _SPECIAL.search(part))
    above = str(PurePosixPath(*parts[:plain]))
    # Only links on the way there come to disk: no tree has something of that name.
    start = await workspace.reach(above, [".git"], field=field)
    # From the folder's own root on, so that nothing in it is read as a comment or a negation.
    pattern = Patterns([f"/{'/'.join(parts[plain:])}"], field=field)
    unseen = await workspace.unseen(start)
    names = await on_disk(partial(_matching, start, unseen, pattern), path, field=field)
    await workspace.reach(above, names, field=field)
    return [start.below(name) for name in names]


def _exists(place: Place) -> bool:
    return place.path.is_symlink() or place.path.exists()


def _matching(start: Place, unseen: Iterable[str], pattern: Patterns) -> list[str]:
    """Everything that is matched, by its path below `start`; of a folder that is, nothing below."""
    matched = set()

    @cache
    def leave_out(entry: Entry) -> bool:
        if is_gits_own(entry):
            return True
        if hit := pattern.match(entry):
            matched.add(entry.name)
        return hit

    if start.path.is_dir():
        for _ in walk(start, leave_out):
            pass
    for name in unseen:
        *above, _ = accumulate(name.split("/"), "{}/{}".format)
        any(map(leave_out, [*(Entry(folder, "folder") for folder in above), Entry(name, "file")]))
    return sorted(matched)
