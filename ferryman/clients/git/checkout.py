"""A checkout: a commit of a mirror, and on disk only those of its files that somebody asked for.

There is no index and no full work tree, so nothing here depends on the size of the repository.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from ferryman.clients.git import tags
from ferryman.clients.git.commits import Changes, NewCommit, with_trailers
from ferryman.clients.git.differences import Differences
from ferryman.clients.git.groups import Groups
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.push import replace
from ferryman.clients.git.record import Record, Records
from ferryman.clients.git.refs import check_name, tag_hold_ref
from ferryman.clients.git.submodules import submodules
from ferryman.clients.git.tags import NewTag
from ferryman.clients.git.threads import in_thread
from ferryman.clients.git.worktree import Memo
from ferryman.clients.git.written import write_commit
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Fence, GitAuthor, GitObject, GitRemote, Pushed, Submodule


class Checkout:
    """One work tree; its methods are called one after the other."""

    def __init__(
        self,
        mirror: Mirror,
        remote: GitRemote,
        record: Record,
        *,
        records: Records,
        memo: Memo,
        groups: Groups,
    ) -> None:
        self.root = Path(record.root)
        self.branch = record.branch
        self._mirror = mirror
        self._remote = remote
        self._records = records
        self._record = record
        self._groups = groups
        self._files = Differences(mirror, records, record, memo)

    async def head(self) -> str:
        """The id of the commit that it stands on."""
        return self._record.head

    async def materialise(self, *paths: str) -> None:
        """Bring these files or folders (relative to `root`) to disk, where they exist.

        Of a sparse checkout, only what its cone has. Links are followed within the tree. What a
        step has written or removed since stays so. Every path that a step reads, writes or removes
        has to be named here first: what was not brought counts as unchanged.
        """
        await in_thread(partial(self._files.bring, [_inside(path) for path in paths]))

    async def overwrite(self, *paths: str) -> None:
        """Prepare for these files to be replaced: what is in them is not brought to disk.

        Where a folder or a link is in the way of one, that is.
        """
        await in_thread(partial(self._files.overwrite, [_inside(path) for path in paths]))

    async def export(self, folder: Path, *paths: str) -> None:
        """Write those of these files and folders that are not on disk below another `folder`.

        Links are brought to disk instead, where they can be followed.
        """
        inside = [_inside(path) for path in paths]
        await in_thread(partial(self._files.export, inside, folder))

    async def names(self, path: str) -> list[str]:
        """Return the files at and below `path` that could be brought to disk, and are not yet.

        One may be there nonetheless, where a step wrote it unseen.
        """
        return await in_thread(partial(self._files.names, _inside(path)))

    async def clear(self) -> None:
        """Remove every file that the cone has, and all that is on disk, nested checkouts too."""
        await in_thread(self._files.clear)

    async def commit(
        self,
        message: str,
        *,
        author: GitAuthor,
        committer: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
        signature: str = "",
    ) -> GitObject | None:
        """Commit every difference but ignored files; None when there is none.

        The same input gives the same id; a signature does not, so an earlier one can be given.
        """
        changes = await self._without_ignored(await in_thread(self._files.changes))
        if not changes:
            return None
        text = with_trailers(message, trailers)
        new = NewCommit(self._record.head, text, author, committer, date)
        instructions = new.instructions(self._record.hold, changes, self._files.content)
        # --force: an attempt that was killed may have moved the ref already.
        done = await self._mirror.commands.local(
            self._mirror.path, "fast-import", "--quiet", "--force",
            stdin=await in_thread(partial(b"".join, instructions)),
        )  # fmt: skip
        made = await self._signed(done.text.strip(), committer.signing_key, signature)
        await in_thread(partial(self._files.stand_on, made.id, changes))
        return made

    async def tag(
        self,
        name: str,
        message: str,
        *,
        tagger: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
        signature: str = "",
    ) -> GitObject:
        """Put an annotated tag on the head, replacing an earlier one of this checkout.

        It is this checkout's own until it is pushed.
        """
        check_name(name, field="tag")
        new = NewTag(name, self._record.head, with_trailers(message, trailers), tagger, date)
        made = await tags.make(self._mirror, new, signature=signature)
        await self._mirror.put(tag_hold_ref(self._record.hold, name), made.id)
        self._record.tags[name] = made.id
        await in_thread(partial(self._records.save, self._record))
        return made

    async def submodules(self, url: str) -> list[Submodule]:
        """Return the submodules of the head that the cone has; `url` is this repository's own."""
        found = await submodules(self._mirror, self._record.head, url)
        return [one for one in found if self._files.cone.has(one.path)]

    async def nest(self, path: str) -> None:
        """Leave a folder to a checkout of its own: what is in it is no difference of this one."""
        await in_thread(partial(self._files.nest, _inside(path)))

    async def tagged(self, remote: GitRemote, name: str) -> str | None:
        """Return the commit of a tag, of this checkout or else of the remote."""
        check_name(name, field="tag")
        if name in self._record.tags:
            return await self._mirror.resolve(self._record.tags[name])
        found = await tags.find(self._mirror, remote, name)
        return found.commit if found else None

    async def reset(self, commit: str) -> None:
        """Stand on `commit`, with its tree; whatever else was on disk is gone."""
        commit = await self._mirror.commit(self._remote, commit)
        await self._mirror.put(self._record.hold, commit)
        await in_thread(partial(self._files.start_over, commit))

    async def fingerprint(self) -> str:
        """A hash of the head, of every difference to it, ignored files too, and of own tags."""
        changes = await in_thread(self._files.changes)
        own_tags = [sorted(self._record.tags.items())] if self._record.tags else []
        text = json.dumps([self._record.head, sorted(changes.items()), *own_tags])
        return hashlib.sha256(text.encode()).hexdigest()

    async def push(
        self,
        remote: GitRemote,
        *,
        branch: str,
        force: bool,
        trailer: tuple[str, str],
        max_attempts: int,
        before: Fence,
        signing_key: str = "",
    ) -> Pushed:
        """Put the head on the remote branch, rebased where it moved on; find an earlier push.

        Without `force`, it may go together with what others here push to that branch. Afterwards
        the checkout stands on the pushed commit.
        """
        head, hold = self._record.head, self._record.hold
        if force:
            pushed = await replace(
                self._mirror, remote, head, branch=branch, trailer=trailer,
                max_attempts=max_attempts, before=before,
            )  # fmt: skip
            await self._mirror.put(hold, pushed.commit)
        else:
            pushed = await self._groups.push(
                self._mirror, remote, head, hold=hold, branch=branch, trailer=trailer,
                max_attempts=max_attempts, before=before, signing_key=signing_key,
            )  # fmt: skip
        if pushed.commit != head:
            await in_thread(partial(self._files.follow, pushed.commit))
        return pushed

    async def push_tag(
        self, remote: GitRemote, name: str, *, force: bool, max_attempts: int, before: Fence
    ) -> Pushed:
        """Put a tag of this checkout on the remote; find an earlier push of it."""
        oid = self._record.tags.get(name)
        if oid is None:
            known = ", ".join(sorted(self._record.tags)) or "none"
            raise InvalidError(
                f"no tag {name!r} was made in this checkout (there is: {known}); "
                "put a git-tag step before this one",
                field="tag",
            )
        commit = await self._mirror.held(oid)
        return await tags.push_tag(
            self._mirror, remote, name, tags.RemoteTag(oid, commit), force=force,
            max_attempts=max_attempts, before=before,
        )  # fmt: skip

    async def _signed(self, commit: str, key: str, signature: str) -> GitObject:
        """Return the commit itself, or where it is to be signed its signed twin, on hold."""
        if not key and not signature:
            return GitObject(commit)
        raw = await in_thread(partial(self._raw, commit))
        made = await write_commit(self._mirror, raw, signing_key=key, signature=signature)
        await self._mirror.put(self._record.hold, made.id)
        return made

    def _raw(self, commit: str) -> bytes:
        with self._mirror.objects() as objects:
            return objects.read(commit)

    async def _without_ignored(self, changes: Changes) -> Changes:
        new = self._files.new(changes)
        if not new:
            return changes
        await in_thread(partial(self._files.bring_ignore_files, new))
        done = await self._mirror.commands.local(
            self._mirror.path, "check-ignore", "--no-index", "-z", "--stdin", accept=(0, 1),
            stdin="\0".join(new).encode("utf-8", "surrogateescape"),
            env={"GIT_WORK_TREE": str(self.root)},
        )  # fmt: skip
        ignored = set(done.text.split("\0"))
        return {path: leaf for path, leaf in changes.items() if path not in ignored}


def _inside(path: str) -> str:
    """Return the path in git's form; raises `InvalidError` where it leads out of the checkout."""
    normal = posixpath.normpath(path)
    if normal.startswith(("/", "../")) or normal == "..":
        raise InvalidError(
            f"the path {path!r} leads out of the checkout; give one inside", field="path"
        )
    return "" if normal == "." else normal
