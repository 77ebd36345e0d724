"""All mirrors on this worker's disk: found, made, and made anew when broken."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import shutil
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from ferryman.clients.git.commands import DAMAGED, Commands
from ferryman.clients.git.locks import Usage
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.threads import in_thread
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo


class Mirrors:
    """The mirrors below one folder."""

    def __init__(self, folder: Path, commands: Commands) -> None:
        self._folder = folder
        self._commands = commands
        self._open: dict[Path, tuple[Mirror, Usage]] = {}
        self._making = asyncio.Lock()

    async def get(self, remote: GitRemote) -> Mirror:
        """Return the mirror of a remote, made where it is missing or marked as damaged."""
        path = self._path(key(remote))
        async with self._making:
            if await in_thread(partial(_is_sound, path)):
                if path in self._open:
                    await in_thread(self._open[path][1].touch)
                    return self._open[path][0]
            else:
                self._forget(path)
                await in_thread(partial(self._discard, path))
                await self._make(path)
            self._open[path] = (
                Mirror(path, self._commands),
                await in_thread(partial(Usage, path)),
            )
            return self._open[path][0]

    def find(self, name: str) -> Mirror | None:
        """Return the mirror of that key, if there is a sound one."""
        path = self._path(name)
        return Mirror(path, self._commands) if _is_sound(path) else None

    def all(self) -> list[Path]:
        """Return the folders of all mirrors."""
        return sorted(self._folder.glob("*.git"))

    async def remove(self, path: Path) -> bool:
        """Remove a mirror, unless another process uses it; whoever needs it makes it anew."""
        async with self._making:
            self._forget(path)
            with closing(await in_thread(partial(Usage, path))) as usage:
                if not await in_thread(usage.become_only):
                    return False
                await in_thread(partial(self._discard, path))
        return True

    def close(self) -> None:
        """Let other processes tidy up."""
        for path in list(self._open):
            self._forget(path)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.git"

    def _forget(self, path: Path) -> None:
        if path in self._open:
            self._open.pop(path)[1].close()

    def _discard(self, path: Path) -> None:
        """Remove a mirror: first from its place, since removing gigabytes takes its time."""
        if path.exists():
            grave = Path(tempfile.mkdtemp(prefix=".discarded-", dir=self._folder))
            path.rename(grave / path.name)
            shutil.rmtree(grave, ignore_errors=True)

    async def _make(self, path: Path) -> None:
        new = Path(await in_thread(self._empty_folder))
        await self._commands.local(new, "init", "--quiet", "--bare", "--template=", str(new))
        await in_thread(partial(_settle, new, path))

    def _empty_folder(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        return tempfile.mkdtemp(prefix=".new-", dir=self._folder)


def _settle(new: Path, path: Path) -> None:
    try:
        new.rename(path)
    except OSError as error:
        shutil.rmtree(new)
        if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:  # another process was faster
            raise


def key(remote: GitRemote) -> str:
    """Return what two remotes share exactly if they may share objects: the URL and the scope.

    The URL is compared as it was written: on a case-sensitive server, `a/b` and `A/b` differ.
    """
    url = without_userinfo(remote.url).rstrip("/").removesuffix(".git")
    return hashlib.sha256(f"{url}\n{remote.scope}".encode()).hexdigest()[:32]


def _is_sound(path: Path) -> bool:
    return (path / "HEAD").is_file() and not (path / DAMAGED).exists()
