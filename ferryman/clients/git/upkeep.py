"""Upkeep of mirrors: packed now and then, and the least recently used removed beyond a quota.

Only mirrors that nobody has used for a while are touched: one that is being fetched into, or that
another process uses, is left for the next time. A mirror with a checkout on it is never removed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ferryman.clients.git.commands import Commands
from ferryman.clients.git.failures import DamagedError
from ferryman.clients.git.locks import clear, seconds_ago
from ferryman.clients.git.mirrors import Mirrors
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import TemporaryError

_PACKED = "ferryman.packed"
"""A file of this name in a mirror is as old as its last packing."""
_PACK_EVERY = 3600.0
_LOOSE_OBJECTS = 2000
_PACKS = 20
"""With more of them than this, reading becomes slow (git's own limits are 6,700 and 50)."""
_LONGEST_PACKING = 1800.0


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Looks after the mirrors of one client."""

    mirrors: Mirrors
    commands: Commands

    async def tidy(self) -> list[str]:
        """Remove what is damaged, pack what is due, then remove what is over the quota.

        Return the names of the removed.
        """
        removed = await self.mirrors.sweep()
        for path in await in_thread(partial(self._idle, _PACK_EVERY)):
            await self._pack(path)
        return removed + await self._make_room()

    async def _pack(self, path: Path) -> None:
        """Let git judge whether it is worth it; objects that nobody needs live two weeks more."""
        limits = (f"gc.auto={_LOOSE_OBJECTS}", f"gc.autoPackLimit={_PACKS}", "gc.autoDetach=false")
        settings = [word for limit in limits for word in ("-c", limit)]
        await in_thread(partial(clear, path, before=seconds_ago(_LONGEST_PACKING)))
        try:
            await self.commands.local(
                path, *settings, "gc", "--auto", "--quiet", timeout=_LONGEST_PACKING
            )
        except TemporaryError:  # a full disk, damage, or another gc; the next time will tell
            return
        await in_thread((path / _PACKED).touch)

    async def _make_room(self) -> list[str]:
        limit = self.commands.options.mirrors_max_bytes
        if not limit:
            return []
        sizes = await in_thread(partial(_sizes, self.mirrors.all()))
        over, removed = sum(sizes.values()) - limit, []
        for path in sorted(await in_thread(self._idle), key=_last_used):
            if over <= 0:
                break
            with suppress(DamagedError):  # it goes the next time
                if not await self._has_checkouts(path) and await self.mirrors.remove(path):
                    over -= sizes.get(path, 0)
                    removed.append(path.name)
        return removed

    async def _has_checkouts(self, path: Path) -> bool:
        private = ("refs/ferryman/", "refs/ferryman-tags/")
        done = await self.commands.local(path, "for-each-ref", "--count=1", *private)
        return bool(done.text.strip())

    def _idle(self, unpacked_for: float = 0.0) -> list[Path]:
        """Return the mirrors that were not used for a while, nor packed for so many seconds."""
        now = time.time()
        unused = [
            path
            for path in self.mirrors.all()
            if now - _last_used(path) > self.commands.options.mirrors_idle
        ]
        return [path for path in unused if now - _time_of(path / _PACKED) >= unpacked_for]


def _last_used(path: Path) -> float:
    return max(_time_of(path / "ferryman.lock"), _time_of(path / "HEAD"))


def _time_of(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _sizes(paths: list[Path]) -> dict[Path, int]:
    return {path: sum(_files_below(path)) for path in paths}


def _files_below(folder: Path) -> Iterator[int]:
    for base, _, names in os.walk(folder):
        for name in names:
            try:
                yield (Path(base) / name).lstat().st_size
            except OSError:  # it has just gone
                continue
