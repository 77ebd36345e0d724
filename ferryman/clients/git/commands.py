"""git, run with an environment and settings of our own, its complaints told apart."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from ferryman import processes
from ferryman.clients.git.credentials import access, prepare
from ferryman.clients.git.failures import DamagedError, failure
from ferryman.clients.git.options import GitOptions
from ferryman.clients.git.signing import sign
from ferryman.clients.git.ssh_keys import opened
from ferryman.clients.git.threads import in_thread
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo
from ferryman.processes import Completed

DAMAGED = "ferryman.damaged"
"""A file of this name in a mirror says that it must be made anew."""

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    # Housekeeping in the middle of a promotion costs time and holds locks.
    "gc.auto": "0",
    "maintenance.auto": "false",
}


class Commands:
    """Runs git; `folder` is the client's own: home, askpass program, known hosts."""

    def __init__(self, folder: Path, options: GitOptions) -> None:
        self.options = options
        self._folder = folder
        self._prepared = False
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
        done = await processes.run(
            ["git", *args],
            cwd=self._folder,
            env={**self.environment(repository), **_settings(self._settings), **(env or {})},
            stdin=stdin,
            timeout=timeout or self.options.local_timeout,
        )
        return self._checked(done, args[0], accept, repository)

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
        with access(remote, self._folder) as granted:
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
        return self._checked(done, args[0], accept, repository, remote)

    async def signature(self, payload: bytes, key: str) -> str:
        """Return the signature of a commit's or tag's bytes by a private key; "" without a key."""
        if not key:
            return ""
        await self._prepare()
        return await sign(payload, key, self._folder)

    async def _prepare(self) -> None:
        if not self._prepared:
            oldest = self.options.remote_timeout
            await in_thread(partial(prepare, self._folder, oldest=oldest))
            self._prepared = True

    def _checked(
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
        if isinstance(error, DamagedError) and repository is not None:
            mark_damaged(repository)
        raise error


def mark_damaged(repository: Path) -> None:
    """Have the mirror made anew when it is next asked for."""
    with suppress(OSError):  # it may be gone altogether
        (repository / DAMAGED).touch()


def _settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Put git settings into the environment: they hold for git's children too."""
    env = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return env
