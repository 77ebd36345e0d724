"""What of a checkout's head is on disk, and what on disk differs from it. All of it blocks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from ferryman.clients.git.commits import Changes
from ferryman.clients.git.cone import Cone
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.objects import SUBMODULE, Leaf, Tree
from ferryman.clients.git.record import Record, Records
from ferryman.clients.git.worktree import Memo, WorkTree

_EVERYTHING = Cone.of(())


class Differences:
    """The files of one checkout; what it learns of them goes into the checkout's record."""

    def __init__(self, mirror: Mirror, records: Records, record: Record, memo: Memo) -> None:
        self.cone = Cone.of(record.sparse)
        self._mirror = mirror
        self._records = records
        self._record = record
        self._files = WorkTree(Path(record.root), memo)
        self._files.nested.update(record.nested)
        self._new: set[str] = set()
        """Paths on disk of which we know that `head` does not have them."""

    def content(self, path: str) -> bytes:
        """Return a file's bytes, or where a link leads."""
        return self._files.content(path)

    def bring(self, paths: Iterable[str]) -> None:
        """Put files and folders on disk, as far as the cone has them."""
        self._bring(paths, self.cone)

    def overwrite(self, paths: Iterable[str]) -> None:
        """Know files as `bring` does, but leave them out: they are about to be replaced.

        What stands in their way, a folder or a link, is put on disk, and not followed.
        """
        if wanted := self._elsewhere(paths):
            with self._learning() as tree:
                for path in wanted:
                    for at, leaf in tree.files(path, self.cone):
                        self._learn(at, leaf, None if at == path else tree)

    def export(self, paths: Iterable[str], folder: Path) -> None:
        """Write the files that `bring` would put on disk below another folder instead.

        Links are put on disk nonetheless, and not followed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        exported = WorkTree(folder, {})
        if wanted := self._elsewhere(paths):
            with self._learning() as tree:
                for at, leaf in (file for path in wanted for file in tree.files(path, self.cone)):
                    if S_ISLNK(leaf.mode):
                        self._learn(at, leaf, tree)
                    elif at not in self._record.known and leaf.mode != SUBMODULE:
                        exported.place(at, leaf, tree.content(leaf))

    def bring_ignore_files(self, paths: Iterable[str]) -> None:
        """Put the .gitignore files on disk that have a say in these paths, in the cone or not."""
        folders = {str(folder) for path in paths for folder in Path(path).parents}
        self._bring({posixpath.normpath(f"{at}/.gitignore") for at in folders}, _EVERYTHING)

    def names(self, path: str) -> list[str]:
        """Return the files at and below `path` that `bring` would put on disk, or find there."""
        with self._mirror.objects() as objects:
            tree = objects.tree(self._record.head)
            return [
                at
                for at, leaf in tree.files(path, self.cone)
                if at not in self._record.known and leaf.mode != SUBMODULE
            ]

    def clear(self) -> None:
        """Remove what is on disk, and from the next commit all that the cone has."""
        with self._mirror.objects() as objects:
            tree = objects.tree(self._record.head)
            self._record.known = dict(tree.files("", self.cone))
        self._record.nested.clear()
        self._records.save(self._record)
        self._files.nested.clear()
        self._files.clear()

    def nest(self, folder: str) -> None:
        """Leave a folder to a checkout of its own."""
        if folder not in self._files.nested:
            self._files.nested.add(folder)
            self._record.nested.append(folder)
            self._records.save(self._record)

    def start_over(self, commit: str) -> None:
        """Stand on `commit`, with nothing on disk."""
        self._files.clear()
        self._record.known.clear()
        self.stand_on(commit, {})

    def stand_on(self, commit: str, changes: Changes) -> None:
        """Take `commit` as the head, which differs from the last one by `changes`."""
        for path, leaf in changes.items():
            if leaf is None:
                self._record.known.pop(path, None)
            else:
                self._record.known[path] = leaf
        self._record.head = commit
        self._new.clear()
        self._records.save(self._record)

    def follow(self, commit: str) -> None:
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
        self.stand_on(commit, changes)

    def changes(self) -> dict[str, Leaf | None]:
        """Return what on disk differs from the head."""
        found = self._files.leaves()
        self._recognise(path for path in found if path not in self._new)
        known = self._record.known
        written = {path: leaf for path, leaf in found.items() if known.get(path) != leaf}
        return {**{path: None for path in known if path not in found}, **written}

    def new(self, changes: Changes) -> list[str]:
        """Return those of `changes` that the head does not have."""
        return [path for path in changes if path not in self._record.known]

    def _bring(self, paths: Iterable[str], cone: Cone) -> None:
        if wanted := self._elsewhere(paths):
            with self._learning() as tree:
                for path, leaf in tree.reachable(wanted, cone):
                    self._learn(path, leaf, tree)

    @contextmanager
    def _learning(self) -> Iterator[Tree]:
        """The head's tree; what is learned of it is kept."""
        before = len(self._record.known)
        with self._mirror.objects() as objects:
            yield objects.tree(self._record.head)
        if len(self._record.known) > before:
            self._records.save(self._record)

    def _learn(self, path: str, leaf: Leaf, source: Tree | None) -> None:
        """Know that the head has this file, which `source` puts on disk."""
        if path not in self._record.known and leaf.mode != SUBMODULE:
            if source:
                self._files.place(path, leaf, source.content(leaf))
            self._record.known[path] = leaf

    def _elsewhere(self, paths: Iterable[str]) -> list[str]:
        """Those for which the head has to be asked: a file that is known leads nowhere else."""
        known = self._record.known
        return [path for path in paths if path not in known or not S_ISREG(known[path].mode)]

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
