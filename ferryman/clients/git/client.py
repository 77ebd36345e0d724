"""The client: clones from mirrors, opens what is on disk, releases it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.commands import Commands
from ferryman.clients.git.commits import ident
from ferryman.clients.git.cone import Cone
from ferryman.clients.git.credentials import check_remote
from ferryman.clients.git.failures import DamagedError
from ferryman.clients.git.groups import Groups
from ferryman.clients.git.history import GitHistory
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.mirrors import Mirrors, key
from ferryman.clients.git.options import GitOptions
from ferryman.clients.git.push import Sent, send
from ferryman.clients.git.record import Record, Records
from ferryman.clients.git.refs import branch_ref, check_commit, check_name, hold_ref, tag_hold_ref
from ferryman.clients.git.threads import in_thread
from ferryman.clients.git.upkeep import Upkeep
from ferryman.clients.git.worktree import Memo
from ferryman.clients.git.written import write_commit
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError, TemporaryError
from ferryman.domain.ports import Fence, GitRemote


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to check out: at most one of branch, tag and commit."""

    branch: str
    tag: str
    commit: str
    create: bool
    """Make the branch where it is missing, once `before` lets us."""
    before: Fence | None

    def __post_init__(self) -> None:
        if sum(map(bool, (self.branch, self.tag, self.commit))) > 1:
            raise InvalidError("give at most one of branch, tag and commit", field="checkout")
        if self.branch or self.tag:
            check_name(self.branch or self.tag, field="branch" if self.branch else "tag")
        if self.commit:
            check_commit(self.commit, field="commit")


class GitClient:
    """Implements the port `Git`. Everything it keeps is below `data`, and can be rebuilt."""

    def __init__(self, data: Path, options: GitOptions | None = None) -> None:
        self._options = options or GitOptions()
        self._commands = Commands(data / "git", self._options)
        self._mirrors = Mirrors(data / "mirrors", self._commands)
        self._records = Records(data / "checkouts")
        self._groups = Groups(together=self._options.group_commit)
        self._memos: dict[str, Memo] = {}
        """Of each checkout that was opened here, what its files were hashed to."""
        self.history = GitHistory(self._mirrors, self._commands)

    async def tidy(self) -> list[str]:
        """Pack mirrors, and remove those beyond the quota; return the names of the removed."""
        return await Upkeep(self._mirrors, self._commands).tidy()

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
        sparse: Sequence[str] = (),
        before: Fence | None = None,
        hold: str,
    ) -> Checkout:
        """Check out at most one of branch, tag and commit (none: the default branch).

        `root` is made, or empty, or an earlier checkout, which is replaced. Nothing is on disk
        until it is asked for; with `sparse`, what is not in these folders, or at the root or on
        the way to them, never is, and stays as it is in every commit. With `create`, a missing
        branch is made with an empty first commit and pushed at once, as Kargo does, after `before`
        was asked. `hold` is a name of the caller's own: the checkout's commits live for as long as
        the checkout does.
        """
        check_remote(remote, self._options)
        Cone.of(sparse)  # raises for what is none
        wanted = Wanted(branch, tag, commit, create, before)
        await self.release(root)
        root = await in_thread(partial(_empty, root))
        for again in (True, False):
            mirror = await self._mirrors.get(remote)
            try:
                at, head = await self._start(mirror, remote, wanted)
                await mirror.put(hold_ref(hold), head)
            except DamagedError as error:  # it is marked now, and the next one is new
                if not again:
                    raise _twice(error) from None
            else:
                break
        record = Record(str(root), key(remote), hold_ref(hold), at, head, sparse=list(sparse))
        await in_thread(partial(self._make, record))
        return self._checkout(mirror, remote, record)

    async def open(self, remote: GitRemote, root: Path) -> Checkout:
        """Open a checkout of this or an earlier process; `NotFoundError` if missing or damaged."""
        check_remote(remote, self._options)
        record = await in_thread(partial(self._records.load, root))
        if record is None or record.mirror != key(remote) or not await in_thread(root.is_dir):
            raise NotFoundError(
                f"there is no checkout of this repository at {root}; clone it again"
            )
        mirror = await self._mirrors.get(remote)
        try:
            is_here = await _holds(mirror, record)
        except DamagedError:  # it is marked now, and whoever clones gets a new one
            is_here = False
        if not is_here:
            raise NotFoundError(f"what the checkout at {root} stood on is gone; clone it again")
        return self._checkout(mirror, remote, record)

    async def release(self, root: Path) -> None:
        """Remove a checkout and what kept its commits alive; what is no checkout stays."""
        record = await in_thread(partial(self._records.load, root))
        if record is None:
            return
        self._memos.pop(record.root, None)
        if mirror := await in_thread(partial(self._mirrors.find, record.mirror)):
            with suppress(DamagedError):  # then it is gone anyway
                for tag in record.tags:
                    await mirror.drop(tag_hold_ref(record.hold, tag))
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
        self, mirror: Mirror, remote: GitRemote, wanted: Wanted
    ) -> tuple[str | None, str]:
        """Return the branch (if it is one) and the commit to check out."""
        if wanted.commit:
            return None, await mirror.commit(remote, wanted.commit)
        if wanted.tag:
            return None, await mirror.tag(remote, wanted.tag)
        if not wanted.branch:
            return await mirror.default_branch(remote)
        if head := await mirror.branch(remote, wanted.branch):
            return wanted.branch, head
        if wanted.create:
            return wanted.branch, await self._create(mirror, remote, wanted)
        raise await mirror.missing(remote, "branch", wanted.branch)

    async def _create(self, mirror: Mirror, remote: GitRemote, wanted: Wanted) -> str:
        """Push a first commit; where somebody else is faster, theirs is taken."""
        tree = (await self._commands.local(mirror.path, "mktree")).text.strip()
        author = self._options.author
        who = ident(author, datetime.fromtimestamp(time.time(), UTC))
        raw = b"tree %s\nauthor %s\ncommitter %s\n\nInitial commit\n" % (tree.encode(), who, who)
        made = await write_commit(mirror, raw, signing_key=author.signing_key)
        if wanted.before:
            await wanted.before()
        sent = await send(mirror, remote, made.id, branch_ref(wanted.branch), lease="")
        if sent is not Sent.MOVED:
            return made.id
        if head := await mirror.branch(remote, wanted.branch):
            return head
        raise ConflictError(
            f"the branch {wanted.branch!r} came and went while it was being made; try again"
        )

    def _checkout(self, mirror: Mirror, remote: GitRemote, record: Record) -> Checkout:
        memo = self._memos.setdefault(record.root, {})
        return Checkout(
            mirror, remote, record, records=self._records, memo=memo, groups=self._groups
        )

    def _make(self, record: Record) -> None:
        # The record first: a root without one is not ours to remove.
        self._records.save(record)
        Path(record.root).mkdir(parents=True, exist_ok=True)


async def _holds(mirror: Mirror, record: Record) -> bool:
    """Whether the mirror has what a checkout stands on, and what was made in it."""
    held = {tag_hold_ref(record.hold, name): oid for name, oid in record.tags.items()}
    for ref, oid in {record.hold: record.head, **held}.items():
        if not await mirror.has(oid, held_by=ref):
            return False
    return True


def _twice(error: DamagedError) -> TemporaryError:
    return TemporaryError(
        f"{error}; that befell a new one, too: look at the repository on its server, and at the "
        "worker's disk",
        delay=timedelta(minutes=1),
    )


def _empty(root: Path) -> Path:
    if root.exists() and any(root.iterdir()):
        raise ConflictError(f"{root} is not empty and no checkout; check out to another path")
    return root.absolute()
