"""git, run with an environment and settings of our own, its complaints told apart."""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ferryman import processes
from ferryman.clients.git.credentials import access, is_prepared, prepare
from ferryman.clients.git.failures import AGAIN, DamagedError, UnexplainedError, damaged, failure
from ferryman.clients.git.layout import is_marked, mark_damaged
from ferryman.clients.git.options import GitOptions
from ferryman.clients.git.signing import sign
from ferryman.clients.git.ssh_keys import opened
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo
from ferryman.processes import Completed

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    # Housekeeping in the middle of a promotion costs time and holds locks.
    "gc.auto": "0",
    "maintenance.auto": "false",
}

_CHECK = ("fsck", "--no-dangling", "--no-reflogs", "--no-progress")
_WHOLE = (0, 1)
"""What git-fsck ends with: 1 alone stands for what is odd, such as an author without an email."""
_CHECKED_EVERY = 300.0
"""Seconds for which a mirror that was found whole is believed to be: all of it has to be read."""


class Commands:
    """Runs git; `folder` is the client's own: home, askpass program, known hosts."""

    def __init__(self, folder: Path, options: GitOptions) -> None:
        self.options = options
        self._folder = folder
        self._prepared = False
        self._running: defaultdict[Path, list[float]] = defaultdict(list)
        self._looking = asyncio.Lock()
        self._found_whole: dict[Path, float] = {}
        self._settings = _SETTINGS | {
            "http.lowSpeedLimit": str(options.stall_bytes),
            "http.lowSpeedTime": str(options.stall_seconds),
        }
        protocols = ["https", "http", "ssh", *(["file"] if options.allow_file_urls else [])]
        self._env = {
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ALLOW_PROTOCOL": ":".join(protocols),
            **({"GIT_SSL_CAINFO": str(options.ca_file)} if options.ca_file else {}),
            **options.proxies,
        }

    def environment(self, repository: Path) -> dict[str, str]:
        """Return the environment in which anything of git's may run on `repository`."""
        return {**self._env, "GIT_DIR": str(repository)}

    async def local(
        self,
        repository: Path,
        *args: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        accept: Sequence[int] = (0,),
        timeout: float = 0.0,  # noqa: ASYNC109 — it ends git, not only the wait
    ) -> Completed:
        """Run git on a repository of ours; raises what an exit code not in `accept` stands for."""
        await self._prepare()
        with self._runs_on(repository):
            done = await processes.run(
                ["git", *args],
                cwd=self._folder,
                env={**self.environment(repository), **_settings(self._settings), **(env or {})},
                stdin=stdin,
                timeout=timeout or self.options.local_timeout,
            )
        return await self._accepted(done, args[0], accept, repository)

    async def remote(
        self,
        remote: GitRemote,
        *args: str,
        repository: Path | None = None,
        accept: Sequence[int] = (0,),
    ) -> Completed:
        """Run git against a remote, whose URL stands as `{url}` among the arguments."""
        await self._prepare()
        remote = await opened(remote, self._folder)
        with access(remote, self._folder) as granted, self._runs_on(repository):
            done = await processes.run(
                ["git", *(granted.url if arg == "{url}" else arg for arg in args)],
                cwd=self._folder,
                env={
                    **self.environment(repository or self._folder / "none"),
                    **_settings({**self._settings, **granted.settings}),
                    **granted.env,
                },
                timeout=self.options.remote_timeout,
                pass_fds=granted.fds,
            )
        return await self._accepted(done, args[0], accept, repository, remote)

    async def signature(self, payload: bytes, key: str) -> str:
        """Return the signature of a commit's or tag's bytes by a private key; "" without a key."""
        if not key:
            return ""
        await self._prepare()
        return await sign(payload, key, self._folder)

    async def judged(self, error: FerrymanError, repository: Path) -> FerrymanError:
        """Return the error that it is if `repository` may be to blame, which is then marked."""
        if isinstance(error, UnexplainedError) and not await self.is_whole(repository):
            error = damaged(str(error).removesuffix(AGAIN))
        if isinstance(error, DamagedError):
            await in_thread(partial(mark_damaged, repository))
        return error

    async def is_whole(self, repository: Path) -> bool:
        """Whether git finds nothing broken or missing in a mirror, now or some minutes ago.

        What takes too long to look through counts as whole. One that is not whole is marked.
        """
        async with self._looking:  # what befalls many at once is looked at once
            looked = self._found_whole.get(repository)
            if looked is not None and time.monotonic() - looked < _CHECKED_EVERY:
                return True
            if await in_thread(partial(is_marked, repository)):
                return False
            if not await self._passes(repository):
                await in_thread(partial(mark_damaged, repository))
                return False
            self._found_whole[repository] = time.monotonic()
            return True

    async def _passes(self, repository: Path) -> bool:
        await self._prepare()
        env = {**self.environment(repository), **_settings(self._settings)}
        limit = self.options.remote_timeout
        try:
            done = await processes.run(["git", *_CHECK], cwd=self._folder, env=env, timeout=limit)
        except TemporaryError:
            return True
        except PermanentError:  # it has more to complain of than can be read
            return False
        return done.code in _WHOLE

    def running_since(self, repository: Path) -> float:
        """Return since when a git of ours has been running on a repository: now, if none is."""
        return min(self._running.get(repository, ()), default=time.time())

    @contextmanager
    def _runs_on(self, repository: Path | None) -> Iterator[None]:
        if repository is None:
            yield
            return
        began = time.time()
        self._running[repository].append(began)
        try:
            yield
        finally:
            self._running[repository].remove(began)
            if not self._running[repository]:
                del self._running[repository]

    async def _prepare(self) -> None:
        await in_thread(self._make_ready)

    def _make_ready(self) -> None:
        """Have a folder to run in, whose contents may be lost at any time."""
        if not self._prepared or not is_prepared(self._folder):
            prepare(self._folder, oldest=self.options.remote_timeout)
            self._prepared = True

    async def _accepted(
        self,
        done: Completed,
        verb: str,
        accept: Sequence[int],
        repository: Path | None,
        remote: GitRemote | None = None,
    ) -> Completed:
        if done.code in accept:
            return done
        of = f" of {without_userinfo(remote.url)}" if remote else ""
        error = failure(done.errors, doing=f"git {verb}{of}", remote=remote)
        raise await self.judged(error, repository) if repository else error


def _settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Put git settings into the environment: they hold for git's children too."""
    env = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return env
