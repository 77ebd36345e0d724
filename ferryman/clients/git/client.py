"""The client: clones from mirrors, opens what is on disk, releases it."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.commands import Commands
from ferryman.clients.git.commits import signature
from ferryman.clients.git.credentials import check_remote
from ferryman.clients.git.failures import DamagedError
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.mirrors import Mirrors, key
from ferryman.clients.git.options import GitOptions
from ferryman.clients.git.push import Sent, send
from ferryman.clients.git.rebase import write_commit
from ferryman.clients.git.record import Record, Records
from ferryman.clients.git.refs import branch_ref, check_commit, check_name, hold_ref
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.domain.ports import GitRemote


class GitClient:
    """Implements the port `Git`. Everything it keeps is below `data`, and can be rebuilt."""

    def __init__(self, data: Path, options: GitOptions | None = None) -> None:
        self._options = options or GitOptions()
        self._commands = Commands(data / "git", self._options)
        self._mirrors = Mirrors(data / "mirrors", self._commands)
        self._records = Records(data / "checkouts")

    def close(self) -> None:
        """Let go of the mirrors, so that another process may tidy them up."""
        self._mirrors.close()

    async def clone(
        self,
        remote: GitRemote,
        root: Path,
        *,
        branch: str = "",
        tag: str = "",
        commit: str = "",
        create: bool = False,
        hold: str,
    ) -> Checkout:
        """Check out at most one of branch, tag and commit (none: the default branch).

        `root` is made, or empty, or an earlier checkout, which is replaced. Nothing is on disk
        until it is asked for. With `create`, a missing branch is made with an empty first commit
        and pushed at once, as Kargo does. `hold` is a name of the caller's own: the checkout's
        commits live for as long as the checkout does.
        """
        check_remote(remote, self._options)
        _check_choice(branch, tag, commit)
        await self.release(root)
        root = await in_thread(partial(_empty, root))
        for again in (True, False):
            mirror = await self._mirrors.get(remote)
            try:
                at, head = await self._start(mirror, remote, branch, tag, commit, create=create)
                await mirror.put(hold_ref(hold), head)
            except DamagedError:  # it is marked now, and the next one is new
                if not again:
                    raise
            else:
                break
        record = Record(str(root), key(remote), hold_ref(hold), at, head)
        await in_thread(partial(self._make, record))
        return Checkout(mirror, remote, self._records, record)

    async def open(self, remote: GitRemote, root: Path) -> Checkout:
        """Open a checkout of this or an earlier process; `NotFoundError` if missing or damaged."""
        check_remote(remote, self._options)
        record = await in_thread(partial(self._records.load, root))
        if record is None or record.mirror != key(remote) or not await in_thread(root.is_dir):
            raise NotFoundError(
                f"there is no checkout of this repository at {root}; clone it again"
            )
        mirror = await self._mirrors.get(remote)
        if await mirror.resolve(record.head) is None:
            raise DamagedError(f"the commit of the checkout at {root} is gone; clone it again")
        return Checkout(mirror, remote, self._records, record)

    async def release(self, root: Path) -> None:
        """Remove a checkout and what kept its commits alive; what is no checkout stays."""
        record = await in_thread(partial(self._records.load, root))
        if record is None:
            return
        if mirror := self._mirrors.find(record.mirror):
            with suppress(DamagedError):  # then it is gone anyway
                await mirror.drop(record.hold)
        await in_thread(partial(shutil.rmtree, root, ignore_errors=True))
        await in_thread(partial(self._records.remove, root))

    async def remote_head(self, remote: GitRemote, branch: str) -> str | None:
        """Return the commit of a branch on the remote; None where there is no such branch."""
        check_remote(remote, self._options)
        check_name(branch, field="branch")
        done = await self._commands.remote(remote, "ls-remote", "--", "{url}", branch_ref(branch))
        found = (line.split("\t") for line in done.text.splitlines())  # ".../refs/heads/x" too
        return next((commit for commit, ref in found if ref == branch_ref(branch)), None)

    async def _start(
        self,
        mirror: Mirror,
        remote: GitRemote,
        branch: str,
        tag: str,
        commit: str,
        *,
        create: bool,
    ) -> tuple[str | None, str]:
        """Return the branch (if it is one) and the commit to check out."""
        if commit:
            return None, await mirror.commit(remote, commit)
        if tag:
            return None, await mirror.tag(remote, tag)
        if not branch:
            return await mirror.default_branch(remote)
        if head := await mirror.branch(remote, branch):
            return branch, head
        if create:
            return branch, await self._create(mirror, remote, branch)
        raise await mirror.missing(remote, "branch", branch)

    async def _create(self, mirror: Mirror, remote: GitRemote, branch: str) -> str:
        """Push a first commit; where somebody else is faster, theirs is taken."""
        tree = (await self._commands.local(mirror.path, "mktree")).text.strip()
        who = signature(self._options.author, datetime.fromtimestamp(time.time(), UTC))
        raw = b"tree %s\nauthor %s\ncommitter %s\n\nInitial commit\n" % (tree.encode(), who, who)
        commit = await write_commit(mirror, raw)
        if await send(mirror, remote, commit, branch, lease="") is not Sent.MOVED:
            return commit
        if head := await mirror.branch(remote, branch):
            return head
        raise ConflictError(
            f"the branch {branch!r} came and went while it was being made; try again"
        )

    def _make(self, record: Record) -> None:
        # The record first: a root without one is not ours to remove.
        self._records.save(record)
        Path(record.root).mkdir(parents=True, exist_ok=True)


def _check_choice(branch: str, tag: str, commit: str) -> None:
    if sum(map(bool, (branch, tag, commit))) > 1:
        raise InvalidError("give at most one of branch, tag and commit", field="checkout")
    if branch or tag:
        check_name(branch or tag, field="branch" if branch else "tag")
    if commit:
        check_commit(commit, field="commit")


def _empty(root: Path) -> Path:
    if root.exists() and any(root.iterdir()):
        raise ConflictError(f"{root} is not empty and no checkout; check out to another path")
    return root.absolute()
