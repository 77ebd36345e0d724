"""A checkout: a commit of a mirror, and on disk only those of its files that somebody asked for.

There is no index and no full work tree, so nothing here depends on the size of the repository.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from ferryman.clients.git.commits import Changes, NewCommit, with_trailers
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.objects import SUBMODULE, Leaf
from ferryman.clients.git.push import push
from ferryman.clients.git.record import Record, Records
from ferryman.clients.git.threads import in_thread
from ferryman.clients.git.worktree import WorkTree
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Fence, GitAuthor, GitRemote, Pushed


class Checkout:
    """One work tree; its methods are called one after the other."""

    def __init__(self, mirror: Mirror, remote: GitRemote, records: Records, record: Record) -> None:
        self.root = Path(record.root)
        self.branch = record.branch
        self._mirror = mirror
        self._remote = remote
        self._records = records
        self._record = record
        self._files = WorkTree(self.root)
        self._new: set[str] = set()
        """Paths on disk of which we know that `head` does not have them."""

    async def head(self) -> str:
        """The id of the commit that it stands on."""
        return self._record.head

    async def materialise(self, *paths: str) -> None:
        """Bring these files or folders (relative to `root`) to disk, where they exist.

        Links are followed within the tree. What a step has written or removed since stays so.
        Every path that a step reads, writes or removes has to be named here first: what was not
        brought counts as unchanged.
        """
        await in_thread(partial(self._materialise, [_inside(path) for path in paths]))

    async def clear(self) -> None:
        """Remove every file; the history stays."""
        await in_thread(self._clear)

    async def commit(
        self,
        message: str,
        *,
        author: GitAuthor,
        committer: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
    ) -> str | None:
        """Commit every difference but ignored files; None when there is none.

        The same input gives the same id.
        """
        changes = await self._without_ignored(await in_thread(self._changes))
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
        await in_thread(partial(self._stand_on, done.text.strip(), changes))
        return self._record.head

    async def reset(self, commit: str) -> None:
        """Stand on `commit`, with its tree; whatever else was on disk is gone."""
        commit = await self._mirror.commit(self._remote, commit)
        await self._mirror.put(self._record.hold, commit)
        await in_thread(partial(self._start_over, commit))

    async def fingerprint(self) -> str:
        """A hash of the head and of every difference to it, ignored files too."""
        changes = await in_thread(self._changes)
        text = json.dumps([self._record.head, sorted(changes.items())])
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
    ) -> Pushed:
        """Put the head on the remote branch, rebased where it moved on; find an earlier push.

        Afterwards the checkout stands on the pushed commit.
        """
        pushed = await push(
            self._mirror, remote, self._record.head, branch=branch, force=force, trailer=trailer,
            max_attempts=max_attempts, before=before,
        )  # fmt: skip
        if pushed.commit != self._record.head:
            await self._mirror.put(self._record.hold, pushed.commit)
            await in_thread(partial(self._follow, pushed.commit))
        return pushed

    def _materialise(self, paths: Iterable[str]) -> None:
        known = self._record.known
        with self._mirror.objects() as objects:
            tree = objects.tree(self._record.head)
            for path, leaf in tree.reachable(paths):
                if path not in known and leaf.mode != SUBMODULE:
                    self._files.place(path, leaf, tree.content(leaf))
                    known[path] = leaf
        self._records.save(self._record)

    def _clear(self) -> None:
        with self._mirror.objects() as objects:
            self._record.known = dict(objects.tree(self._record.head).files())
        self._records.save(self._record)
        self._files.clear()

    def _start_over(self, commit: str) -> None:
        self._files.clear()
        self._record.known.clear()
        self._stand_on(commit, {})

    def _stand_on(self, commit: str, changes: Changes) -> None:
        """Take `commit` as the head, which differs from the last one by `changes`."""
        for path, leaf in changes.items():
            if leaf is None:
                self._record.known.pop(path, None)
            else:
                self._record.known[path] = leaf
        self._record.head = commit
        self._new.clear()
        self._records.save(self._record)

    def _follow(self, commit: str) -> None:
        """Take `commit` as the head, and its state of the files that are on disk unchanged."""
        changes: dict[str, Leaf | None] = {}
        with self._mirror.objects() as objects:
            tree = objects.tree(commit)
            for path, leaf in self._record.known.items():
                if (now := tree.file(path)) == leaf:
                    continue
                changes[path] = now
                if self._files.leaf(path) == leaf:
                    self._files.remove(path)
                    if now is not None:
                        self._files.place(path, now, tree.content(now))
        self._stand_on(commit, changes)

    def _changes(self) -> dict[str, Leaf | None]:
        """Return what on disk differs from the head."""
        found = self._files.leaves()
        self._recognise(path for path in found if path not in self._new)
        known = self._record.known
        written = {path: leaf for path, leaf in found.items() if known.get(path) != leaf}
        return {**{path: None for path in known if path not in found}, **written}

    def _recognise(self, paths: Iterable[str]) -> None:
        """Learn of each path on disk that nobody asked for whether the head has it."""
        strangers = [path for path in paths if path not in self._record.known]
        if strangers:
            with self._mirror.objects() as objects:
                tree = objects.tree(self._record.head)
                for path in strangers:
                    if leaf := tree.file(path):
                        self._record.known[path] = leaf
                    else:
                        self._new.add(path)

    async def _without_ignored(self, changes: Changes) -> Changes:
        new = [path for path in changes if path not in self._record.known]
        if not new:
            return changes
        await in_thread(partial(self._materialise, _ignore_files(new)))
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


def _ignore_files(paths: Iterable[str]) -> set[str]:
    """Return the .gitignore files that have a say in these paths."""
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    return {posixpath.normpath(f"{folder}/.gitignore") for folder in folders}
