"""All mirrors on this worker's disk: found, made, and made anew when broken.

One that is made anew gets a folder of a new name. So whoever still works on the old one finds it
gone, and neither mixes up their objects nor takes the new one for damaged.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from ferryman.clients.git.commands import Commands
from ferryman.clients.git.layout import is_sound, lay_out
from ferryman.clients.git.locks import Usage
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.threads import in_thread
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo

_NEW = ".new-"
_DISCARDED = ".discarded-"


class Mirrors:
    """The mirrors below one folder: `<key>.<something>.git`, one of each key."""

    def __init__(self, folder: Path, commands: Commands) -> None:
        self._folder = folder
        self._commands = commands
        self._open: dict[str, tuple[Mirror, Usage]] = {}
        self._making = asyncio.Lock()

    async def get(self, remote: GitRemote) -> Mirror:
        """Return the mirror of a remote, made where it is missing or damaged."""
        name = key(remote)
        async with self._making:
            if not await in_thread(partial(self._goes_on, name)):
                self._forget(name)
                path, usage = await in_thread(partial(self._provide, name))
                self._open[name] = (Mirror(path, self._commands, usage), usage)
            return self._open[name][0]

    def find(self, name: str) -> Mirror | None:
        """Return the mirror of that key, if there is a sound one."""
        if name in self._open and _is_sound(self._open[name][0].path):
            return self._open[name][0]
        path = next((path for path in self.all(name) if _is_sound(path)), None)
        return Mirror(path, self._commands) if path else None

    def all(self, name: str = "") -> list[Path]:
        """Return the folders of all mirrors, or of those of one key."""
        return sorted(self._folder.glob(f"{name}*.git"))

    async def remove(self, path: Path) -> bool:
        """Remove a mirror, unless another process uses it; whoever needs it makes it anew."""
        async with self._making:
            self._forget(_key_of(path))
            return await in_thread(partial(self._remove, path))

    async def sweep(self) -> list[str]:
        """Remove damaged mirrors, and what killed processes left; return the mirrors' names."""
        async with self._making:
            return await in_thread(self._sweep)

    def close(self) -> None:
        """Let other processes tidy up."""
        for name in list(self._open):
            self._forget(name)

    def _forget(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name)[1].close()

    def _goes_on(self, name: str) -> bool:
        """Whether the mirror is open and sound; if so, note that it is used."""
        if name not in self._open or not _is_sound(self._open[name][0].path):
            return False
        self._open[name][1].touch()
        return True

    def _provide(self, name: str) -> tuple[Path, Usage]:
        with self._alone():
            paths = self.all(name)
            for path in paths:
                if not _is_sound(path):
                    self._bury(path)
            sound = next((path for path in paths if path.exists()), None)
            path = sound or self._make(name)
            usage = Usage(path)
        self._empty_graves()
        return path, usage

    def _make(self, name: str) -> Path:
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._folder))
        lay_out(new, name)
        return new.rename(self._folder / f"{name}.{secrets.token_hex(4)}.git")

    def _remove(self, path: Path) -> bool:
        with self._alone():
            if not path.is_dir():  # another process was faster
                return False
            with closing(Usage(path)) as usage:
                if not usage.become_only():
                    return False
                self._bury(path)
        self._empty_graves()
        return True

    def _sweep(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        with self._alone():
            damaged = [path for path in self.all() if not _is_sound(path)]
            for path in (*damaged, *self._folder.glob(f"{_NEW}*")):
                self._bury(path)
        self._empty_graves()
        return [path.name for path in damaged]

    def _bury(self, path: Path) -> None:
        """Take a folder from its place: removing gigabytes takes its time.

        A full disk has no room for a new folder, but lets one be renamed.
        """
        path.rename(self._folder / f"{_DISCARDED}{secrets.token_hex(4)}")

    def _empty_graves(self) -> None:
        for grave in self._folder.glob(f"{_DISCARDED}*"):
            if grave.is_dir():
                shutil.rmtree(grave, ignore_errors=True)
            else:
                grave.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from making or removing mirrors meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / ".making", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def key(remote: GitRemote) -> str:
    """Return what two remotes share exactly if they may share objects: the URL and the scope.

    The URL is compared as it was written: on a case-sensitive server, `a/b` and `A/b` differ.
    """
    url = without_userinfo(remote.url).rstrip("/").removesuffix(".git")
    return hashlib.sha256(f"{url}\n{remote.scope}".encode()).hexdigest()[:32]


def _key_of(path: Path) -> str:
    return path.name.partition(".")[0]


def _is_sound(path: Path) -> bool:
    return is_sound(path, _key_of(path))
