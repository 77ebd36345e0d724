"""The push loop: find an earlier push, rebase, ask the fence, push; again if others were faster."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from enum import Enum, auto
from functools import partial

from ferryman.clients.git.commits import CommitObject, trailer_line
from ferryman.clients.git.failures import failure, last_words, remote_lines
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.patience import pauses
from ferryman.clients.git.rebase import rebase
from ferryman.clients.git.refs import branch_ref
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.ports import Fence, GitRemote, Pushed
from ferryman.domain.urls import without_userinfo
from ferryman.processes import Completed

_MOVED = re.compile(
    r"fetch first|non-fast-forward|stale info|cannot lock ref|failed to (?:update|lock)"
    r"|incorrect old value|reference already exists|needs force",
    re.IGNORECASE,
)
_LONGEST_PAUSE = 30.0


class Sent(Enum):
    """What became of a push."""

    LANDED = auto()
    UP_TO_DATE = auto()
    MOVED = auto()
    """The branch is not where it was thought to be."""


async def push(
    mirror: Mirror,
    remote: GitRemote,
    head: str,
    *,
    branch: str,
    force: bool,
    trailer: tuple[str, str],
    max_attempts: int,
    before: Fence,
) -> Pushed:
    """Put `head` on a branch of the remote, on top of what others have pushed there.

    At first it is pushed without a look: had the branch moved, or an earlier push of ours arrived
    and others come on top, the remote would say so; only then come the attempts that look, find
    an earlier push, and rebase. With `force`, what is there is replaced if it is still what we saw.
    """
    waits = pauses(mirror.commands.options.retry_pause, factor=1.5, longest=_LONGEST_PAUSE)
    ours = head
    for attempt in range(1 if force else 0, max_attempts + 1):
        theirs = None
        if attempt:
            theirs = await mirror.branch(remote, branch)
            if theirs and (found := await _pushed_before(mirror, head, theirs, trailer)):
                return Pushed(found, branch, already=True)
            ours = await rebase(mirror, head, theirs) if theirs and not force else head
            if ours == theirs:
                return Pushed(ours, branch, already=True)
        await before()
        sent = await send(mirror, remote, ours, branch, lease=(theirs or "") if force else None)
        if sent is not Sent.MOVED:
            with suppress(TemporaryError):  # it landed; this only saves the next clone a fetch
                await mirror.put(branch_ref(branch), ours)
            return Pushed(ours, branch, already=sent is Sent.UP_TO_DATE)
        if 0 < attempt < max_attempts:
            await asyncio.sleep(next(waits))
    raise TemporaryError(
        f"the branch {branch!r} of {without_userinfo(remote.url)} moved on during each of "
        f"{max_attempts} attempts to push to it"
    )


async def send(
    mirror: Mirror, remote: GitRemote, commit: str, branch: str, *, lease: str | None = None
) -> Sent:
    """Push once. With a lease, replace the branch if it stands there ("": if it does not exist)."""
    ref = branch_ref(branch)
    leases = [] if lease is None else [f"--force-with-lease={ref}:{lease}"]
    done = await mirror.commands.remote(
        remote, "push", "--porcelain", *leases, "--", "{url}", f"{commit}:{ref}",
        repository=mirror.path, accept=(0, 1),
    )  # fmt: skip
    # "<flag> TAB <from>:<to> TAB <summary>"; without such a line the refs were not got to.
    results = [line.split("\t") for line in done.text.splitlines() if line.count("\t") == 2]  # noqa: PLR2004
    if not results:
        raise failure(done.errors, doing=f"git push to {branch!r}", remote=remote)
    flag, _, summary = results[0]
    if flag == "!":
        return _rejected(summary, done, remote, branch)
    return Sent.UP_TO_DATE if flag == "=" else Sent.LANDED


def _rejected(summary: str, done: Completed, remote: GitRemote, branch: str) -> Sent:
    if _MOVED.search(summary):
        return Sent.MOVED
    url = without_userinfo(remote.url)
    said = remote_lines(done.errors) or last_words(done.errors)
    if "[remote failure]" in summary:  # the connection broke; whether it arrived, nobody knows
        raise failure(done.errors, doing=f"git push to {branch!r}", remote=remote)
    if "unpacker error" in summary:
        raise TemporaryError(f"{url} could not store the push to {branch!r}: {said}")
    raise PermanentError(
        f"{url} refused the push to {branch!r}: {summary}: {said}; "
        "allow it there, or push to another branch and open a pull request"
    )


async def _pushed_before(
    mirror: Mirror, head: str, theirs: str, trailer: tuple[str, str]
) -> str | None:
    """Return the newest commit with the trailer that is new since `head` or is `head` itself."""
    line = trailer_line(*trailer)
    listed = await mirror.commands.local(
        mirror.path, "rev-list", "--fixed-strings", f"--grep={line}", theirs, f"^{head}^@"
    )
    return await in_thread(partial(_first_with, mirror, listed.text.split(), line))


def _first_with(mirror: Mirror, commits: list[str], line: str) -> str | None:
    if not commits:
        return None
    with mirror.objects() as objects:
        parsed = ((commit, CommitObject.parse(objects.read(commit))) for commit in commits)
        return next((commit for commit, text in parsed if line in text.lines), None)
