"""The history of remotes, for discovery: what their refs are now, and what their commits say.

One `ls-remote` tells whether anything is new. If so, what is missing is fetched into the mirror
that checkouts are made from, and read there in one git process.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from ferryman.clients.git.commands import Commands
from ferryman.clients.git.credentials import check_remote
from ferryman.clients.git.failures import DamagedError, MissingRefError
from ferryman.clients.git.log import LOG_FORMAT, TAG_FORMAT, read_log, read_tags
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.mirrors import Mirrors
from ferryman.clients.git.objects import ref
from ferryman.clients.git.refs import branch_ref, check_name, tag_ref
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import NotFoundError, TemporaryError
from ferryman.domain.ports import GitRemote, Head, Revision
from ferryman.domain.urls import without_userinfo

_SYMBOLIC = re.compile(r"ref: refs/heads/(.*)\tHEAD")
_TAGS = "refs/tags/"
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_AT_ONCE = 8
"""Looks at one host that are under way at once: a slow one delays no other host."""

_NAMED_AT_ONCE = 100
"""More tags than this are asked for all together."""

_MOVED_DELAY = timedelta(seconds=5)

Result = TypeVar("Result")


class GitHistory:
    """Implements the port `History` over a client's mirrors."""

    def __init__(self, mirrors: Mirrors, commands: Commands) -> None:
        self._mirrors = mirrors
        self._commands = commands
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(_AT_ONCE)
        )

    async def head(self, remote: GitRemote, branch: str = "") -> Head:
        """Return where a branch of the remote stands (none named: the default one).

        One git process, one request. Raises `NotFoundError` where there is no such branch.
        """
        if branch:
            check_name(branch, field="branch")
        wanted = branch_ref(branch) if branch else "HEAD"
        lines = await self._ask(remote, "--symref", "--", "{url}", wanted)
        found = (line.split("\t") for line in lines if not line.startswith("ref:"))
        commit = next((value for value, name in found if name == wanted), "")
        symbolic = filter(None, map(_SYMBOLIC.fullmatch, lines))
        name = branch or next((match[1] for match in symbolic), "")
        if name and commit:
            return Head(name, commit)
        url = without_userinfo(remote.url)
        says = f"no branch {branch!r}" if branch else "no default branch with a commit"
        raise NotFoundError(f"{url} has {says}; name one that exists as branch")

    async def tags(self, remote: GitRemote) -> dict[str, str]:
        """Return the remote's tags and the object that each names; one process, one request.

        A tag whose name is no UTF-8 is left out: no pattern, and nobody else, could name it.
        """
        lines = await self._ask(remote, "--refs", "--tags", "--", "{url}")
        named = (line.partition("\t") for line in lines if _UNREADABLE not in line)
        return {name.removeprefix(_TAGS): value for value, _, name in named}

    async def log(
        self, remote: GitRemote, head: Head, *, skip: int, count: int, paths: bool
    ) -> list[Revision]:
        """Return the commits `skip` to `skip + count` below `head`, newest first.

        Only first parents are followed, and `paths` are what differs from them (Kargo §14.57).
        Raises `TemporaryError` where the branch was moved elsewhere meanwhile.
        """

        async def read(mirror: Mirror) -> list[Revision]:
            await _bring(mirror, remote, head)
            return await self._log(
                mirror, "--first-parent", f"--skip={skip}", f"--max-count={count}", head.commit,
                paths=paths,
            )  # fmt: skip

        return await self._on_mirror(remote, read)

    async def tagged(self, remote: GitRemote, tags: Mapping[str, str]) -> list[Revision]:
        """Return what these tags of `tags()` name, in their order.

        A tag of something that is no commit is left out. Raises `TemporaryError` where one of
        them was deleted or moved meanwhile.
        """

        async def read(mirror: Mirror) -> list[Revision]:
            known = await self._known(mirror, tags)
            new = [name for name, value in tags.items() if known.get(name, ("", None))[0] != value]
            if new:
                await _bring_tags(mirror, remote, new)
                known = await self._known(mirror, tags)
            if any(known.get(name, ("", None))[0] != value for name, value in tags.items()):
                raise _moved(remote, "tags were")
            return [found for name in tags if (found := known[name][1])]

        return await self._on_mirror(remote, read) if tags else []

    async def changed(self, remote: GitRemote, revisions: Sequence[Revision]) -> list[Revision]:
        """Return the same, each with the paths in which it differs from its first parent."""

        async def read(mirror: Mirror) -> list[Revision]:
            ids = "".join(f"{revision.id}\n" for revision in revisions).encode()
            found = await self._log(mirror, "--no-walk=unsorted", "--stdin", stdin=ids, paths=True)
            paths = {revision.id: revision.paths for revision in found}
            return [replace(one, paths=paths[one.id]) for one in revisions]

        return await self._on_mirror(remote, read) if revisions else []

    async def _ask(self, remote: GitRemote, *args: str) -> list[str]:
        check_remote(remote, self._commands.options)
        async with self._gates[_host(remote)]:
            done = await self._commands.remote(remote, "ls-remote", *args)
        return done.stdout.decode("utf-8", "replace").splitlines()

    async def _on_mirror(
        self, remote: GitRemote, read: Callable[[Mirror], Awaitable[Result]]
    ) -> Result:
        """Read from the mirror; where it turns out to be damaged, from a new one."""
        async with self._gates[_host(remote)]:
            try:
                return await read(await self._mirrors.get(remote))
            except DamagedError:  # it is marked now
                return await read(await self._mirrors.get(remote))

    async def _log(
        self, mirror: Mirror, *args: str, paths: bool, stdin: bytes = b""
    ) -> list[Revision]:
        names = ["--name-only", "--no-renames", "--diff-merges=first-parent"] if paths else []
        done = await self._commands.local(
            mirror.path, "log", "-z", *names, f"--format={LOG_FORMAT}", *args, "--", stdin=stdin
        )
        return await in_thread(partial(read_log, done.stdout))

    async def _known(
        self, mirror: Mirror, tags: Mapping[str, str]
    ) -> dict[str, tuple[str, Revision | None]]:
        """What the mirror has of these tags: the object, and the commit if it names one."""
        few = len(tags) <= _NAMED_AT_ONCE
        patterns = [tag_ref(name) for name in tags] if few else [_TAGS]
        done = await self._commands.local(
            mirror.path, "for-each-ref", f"--format={TAG_FORMAT}", *patterns
        )
        return await in_thread(partial(read_tags, done.stdout))


def _host(remote: GitRemote) -> str:
    """Return what stands before the path, of a URL or of `user@host:path`."""
    authority = remote.url.partition("://")[2].partition("/")[0] or remote.url.partition(":")[0]
    return authority.rpartition("@")[2]


async def _bring(mirror: Mirror, remote: GitRemote, head: Head) -> None:
    """Have the commit of `head` in the mirror, fetched where it is new to us."""
    there = await in_thread(partial(ref, mirror.path, branch_ref(head.branch)))
    if there == head.commit or await mirror.resolve(head.commit):
        return
    await mirror.branch(remote, head.branch)
    if not await mirror.resolve(head.commit):
        raise _moved(remote, f"the branch {head.branch!r} was")


async def _bring_tags(mirror: Mirror, remote: GitRemote, names: Sequence[str]) -> None:
    try:
        await mirror.tags(remote, names if len(names) <= _NAMED_AT_ONCE else ["*"])
    except MissingRefError:
        raise _moved(remote, "tags were") from None


def _moved(remote: GitRemote, what: str) -> TemporaryError:
    url = without_userinfo(remote.url)
    message = f"{what} moved or deleted on {url} while it was looked at; it is looked at again"
    return TemporaryError(message, delay=_MOVED_DELAY)
