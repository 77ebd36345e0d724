"""A mirror: one bare repository per remote and credential scope, fetched into bit by bit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from time import monotonic

from ferryman.clients.git.commands import Commands
from ferryman.clients.git.failures import (
    NOT_AGAIN,
    LockedError,
    MissingRefError,
    ObstructedError,
    damaged,
)
from ferryman.clients.git.locks import Usage, clear, seconds_ago
from ferryman.clients.git.objects import Objects, opened
from ferryman.clients.git.objects import ref as read_ref
from ferryman.clients.git.patience import pauses
from ferryman.clients.git.refs import branch_ref, same, tag_ref
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import FerrymanError, NotFoundError
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo

_HEAD = re.compile(r"ref: refs/heads/(.*)\tHEAD\n([0-9a-f]{40})\tHEAD\n(?:.*\n)*")
_EVERYTHING = (same("refs/heads/*"), same("refs/tags/*"))
_ATTEMPTS = 6
_STALE = 600.0
_NAMES_SHOWN = 20


class Mirror:
    """What we have of one remote. Its branches and tags are the remote's, as last fetched."""

    def __init__(self, path: Path, commands: Commands, usage: Usage | None = None) -> None:
        self.path = path
        self.commands = commands
        self._usage = usage
        self._fetching = asyncio.Lock()
        self._fetched: dict[tuple[str, ...], float] = {}

    async def branch(self, remote: GitRemote, name: str) -> str | None:
        """Fetch a branch and return its commit; None where the remote has no such branch."""
        try:
            await self._fetch(remote, same(branch_ref(name)))
        except MissingRefError:
            return None
        if commit := await self._ref(branch_ref(name)):
            return commit
        await self.check()
        return None  # pruned meanwhile: it has gone from the remote

    async def known_branch(self, name: str) -> str | None:
        """Return a branch's commit as we last saw it; None where we never did."""
        return await self._ref(branch_ref(name))

    async def default_branch(self, remote: GitRemote) -> tuple[str, str]:
        """Return the remote's default branch and its commit, fetched where that is new to us."""
        done = await self.commands.remote(remote, "ls-remote", "--symref", "--", "{url}", "HEAD")
        found = _HEAD.fullmatch(done.text)
        if found is None:
            raise NotFoundError(
                f"{without_userinfo(remote.url)} has no default branch; name one to check out"
            )
        name, commit = found.groups()
        if await self._ref(branch_ref(name)) != commit:
            commit = await self.branch(remote, name) or commit
        return name, commit

    async def tag(self, remote: GitRemote, name: str) -> str:
        """Fetch a tag and return its commit; raises `NotFoundError`."""
        try:
            await self._fetch(remote, same(tag_ref(name)))
        except MissingRefError:
            raise await self.missing(remote, "tag", name) from None
        if commit := await self.resolve(tag_ref(name)):
            return commit
        await self.check()
        raise NotFoundError(f"the tag {name!r} of {without_userinfo(remote.url)} names no commit")

    async def tags(self, remote: GitRemote, names: Sequence[str]) -> None:
        """Fetch tags, `*` for all there are; raises MissingRefError where one is gone."""
        await self._fetch(remote, *(same(tag_ref(name)) for name in names))

    async def commit(self, remote: GitRemote, text: str) -> str:
        """Return the whole id of a commit, fetched where it is new to us; or `NotFoundError`."""
        if commit := await self.resolve(text):
            return commit
        await self._fetch(remote, *_EVERYTHING)
        if commit := await self.resolve(text):
            return commit
        await self.check()
        raise NotFoundError(
            f"no branch or tag of {without_userinfo(remote.url)} leads to the commit {text}; "
            f"name one that does{NOT_AGAIN}"
        )

    async def resolve(self, name: str) -> str | None:
        """Return the commit that a ref or an id of ours stands for; None where there is none."""
        done = await self.commands.local(
            self.path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}",
            accept=(0, 1),
        )  # fmt: skip
        return done.text.strip() if done.code == 0 else None

    async def held(self, name: str) -> str:
        """Return the commit of what a private ref keeps; raises `DamagedError` where it is gone."""
        if commit := await self.resolve(name):
            return commit
        raise await self._blamed(f"{name} is gone")

    async def has(self, commit: str, *, held_by: str) -> bool:
        """Whether a commit is here, most likely by a private ref."""
        return await self._ref(held_by) == commit or await self.resolve(commit) is not None

    async def check(self) -> None:
        """Raise `DamagedError` where something is lacking; asked when git says what cannot be."""
        if not await self.commands.is_whole(self.path):
            raise await self._blamed("objects or refs are missing")

    async def put(self, ref: str, commit: str) -> None:
        """Set a ref: a private one, or a branch that we have just moved on the remote."""
        await self._patiently(lambda: self.commands.local(self.path, "update-ref", ref, commit))

    async def put_all(self, refs: Mapping[str, str]) -> None:
        """Set several refs, or none of them."""
        lines = "".join(f"update {ref} {commit}\n" for ref, commit in refs.items()).encode()
        command = partial(self.commands.local, self.path, "update-ref", "--stdin", stdin=lines)
        await self._patiently(command)

    async def drop(self, ref: str) -> None:
        """Remove a private ref."""
        await self._patiently(lambda: self.commands.local(self.path, "update-ref", "-d", ref))

    async def missing(self, remote: GitRemote, what: str, name: str) -> NotFoundError:
        """Return the error for a branch or tag that is not there; it says which are."""
        url = without_userinfo(remote.url)
        kind = "--heads" if what == "branch" else "--tags"
        done = await self.commands.remote(remote, "ls-remote", "--refs", kind, "--", "{url}")
        names = [line.split("\t")[1].split("/", 2)[2] for line in done.text.splitlines()]
        there = ", ".join(names[:_NAMES_SHOWN]) or "none"
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        return NotFoundError(
            f"{url} has no {what} {name!r}; name another one: it has {there}{more}{NOT_AGAIN}"
        )

    def objects(self) -> AbstractContextManager[Objects]:
        """Open the objects for reading; in a thread, for reading blocks."""
        return opened(self.path, self.commands.environment(self.path))

    async def _blamed(self, sentence: str) -> FerrymanError:
        return await self.commands.judged(damaged(sentence), self.path)

    async def _ref(self, ref: str) -> str | None:
        return await in_thread(partial(read_ref, self.path, ref))

    async def _fetch(self, remote: GitRemote, *refspecs: str) -> None:
        """Bring refs of the remote here as they are at some moment after this call."""
        asked = monotonic()
        async with self._fetching:
            # While we waited, another caller may have begun to fetch the same, after we had asked.
            if self._fetched.get(refspecs, 0.0) >= asked:
                return
            began = monotonic()
            try:
                await self._patiently(lambda: self._fetch_now(remote, *refspecs))
            except ObstructedError:
                await self._patiently(lambda: self._fetch_now(remote, *_EVERYTHING, prune=True))
            self._fetched[refspecs] = began

    async def _fetch_now(self, remote: GitRemote, *refspecs: str, prune: bool = False) -> None:
        # Pruning is safe here: it looks below the refspecs only, and private refs are elsewhere.
        options = ["--no-tags", "--no-write-fetch-head", *(["--prune"] if prune else [])]
        await self.commands.remote(
            remote, "fetch", "--quiet", *options, "--", "{url}", *refspecs, repository=self.path
        )

    async def _patiently(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do something again for as long as another git holds a lock that it needs."""
        for turn, pause in enumerate(pauses(0.05, factor=2), start=1):
            try:
                await act()
            except LockedError:
                if turn == _ATTEMPTS:
                    raise
                await in_thread(self._clear)
                await asyncio.sleep(pause)
            else:
                return

    def _clear(self) -> None:
        """Remove the locks of gits that were killed: nobody else would."""
        clear(self.path, before=seconds_ago(_STALE))
        if self._usage:
            self._usage.clear(before=self.commands.running_since(self.path))
