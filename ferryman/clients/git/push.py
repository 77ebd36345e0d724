"""Single pushes: one ref, once; and a branch that is replaced by force."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from enum import Enum, auto
from functools import partial

from ferryman.clients.git.commits import CommitObject, trailer_line
from ferryman.clients.git.failures import AGAIN, failure
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.patience import pauses
from ferryman.clients.git.refs import branch_ref, shown_ref
from ferryman.clients.git.rejections import has_moved, rejection
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import Fence, GitRemote, Pushed
from ferryman.domain.urls import without_userinfo

LONGEST_PAUSE = 30.0


class Sent(Enum):
    """What became of a push."""

    LANDED = auto()
    UP_TO_DATE = auto()
    MOVED = auto()
    """The ref is not where it was thought to be."""


async def replace(
    mirror: Mirror,
    remote: GitRemote,
    head: str,
    *,
    branch: str,
    trailer: tuple[str, str],
    max_attempts: int,
    before: Fence,
) -> Pushed:
    """Put `head` on a branch of the remote, whatever is there, if it is still what we saw."""
    waits = pauses(mirror.commands.options.retry_pause, factor=1.5, longest=LONGEST_PAUSE)
    for attempt in range(1, max_attempts + 1):
        theirs = await mirror.branch(remote, branch)
        if theirs and (found := await pushed_before(mirror, head, theirs, trailer)):
            return Pushed(found, branch, already=True)
        if theirs == head:
            return Pushed(head, branch, already=True)
        await before()
        sent = await send(mirror, remote, head, branch_ref(branch), lease=theirs or "")
        if sent is not Sent.MOVED:
            with suppress(TemporaryError):  # it landed; this only saves the next clone a fetch
                await mirror.put(branch_ref(branch), head)
            return Pushed(head, branch, already=sent is Sent.UP_TO_DATE)
        if attempt < max_attempts:
            await asyncio.sleep(next(waits))
    raise moved_on(remote, branch, max_attempts)


def moved_on(remote: GitRemote, branch: str, attempts: int) -> TemporaryError:
    """Return the error for a branch that others were always faster at."""
    return TemporaryError(
        f"the branch {branch!r} of {without_userinfo(remote.url)} moved on during each of "
        f"{attempts} attempts to push to it; raise maxAttempts if that is common{AGAIN}"
    )


async def send(
    mirror: Mirror, remote: GitRemote, oid: str, ref: str, *, lease: str | None = None
) -> Sent:
    """Push once. With a lease, replace the ref if it stands there ("": if it does not exist)."""
    leases = [] if lease is None else [f"--force-with-lease={ref}:{lease}"]
    done = await mirror.commands.remote(
        remote, "push", "--porcelain", *leases, "--", "{url}", f"{oid}:{ref}",
        repository=mirror.path, accept=(0, 1),
    )  # fmt: skip
    what = shown_ref(ref)
    # "<flag> TAB <from>:<to> TAB <summary>"; without such a line the refs were not got to.
    results = [line.split("\t") for line in done.text.splitlines() if line.count("\t") == 2]  # noqa: PLR2004
    if not results:
        error = failure(done.errors, doing=f"git push to {what}", remote=remote)
        raise await mirror.commands.judged(error, mirror.path)
    flag, _, summary = results[0]
    if flag != "!":
        return Sent.UP_TO_DATE if flag == "=" else Sent.LANDED
    if has_moved(summary, done.errors):
        return Sent.MOVED
    error = rejection(summary, done.errors, what=what, remote=remote)
    raise await mirror.commands.judged(error, mirror.path)


async def pushed_before(
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
