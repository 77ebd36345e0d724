"""The objects of a mirror, read through GitPython: commits, trees and files."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import NamedTuple

from git import Repo, SymbolicReference
from git.exc import GitCommandNotFound, GitError, ODBError
from git.objects.fun import tree_entries_from_data

from ferryman.clients.git.cone import Cone
from ferryman.clients.git.failures import DamagedError, damaged
from ferryman.clients.git.layout import mark_damaged
from ferryman.domain.errors import PermanentError, TemporaryError

SUBMODULE = 0o160000
_FOLDER = 0o040000
_LONGEST_PATH = 4096


class Leaf(NamedTuple):
    """What a tree says of one file, link or submodule: its mode and the id of its content."""

    mode: int
    id: str


class Objects:
    """The objects of one mirror."""

    def __init__(self, repo: Repo, repository: Path) -> None:
        self._repo = repo
        self._repository = repository
        self.entries = cache(self._entries)

    def read(self, oid: str) -> bytes:
        """Return an object's bytes; raises `DamagedError` where it is broken or missing."""
        content = self._found(oid)
        if content is None:  # raised here, where GitPython's stream is gone: it ends badly
            raise _damaged(self._repository, f"object {oid} cannot be read")
        return content

    def tree(self, commit: str) -> Tree:
        """Return the tree of a commit."""
        header, _, _ = self.read(commit).partition(b"\n")
        return Tree(self, header.removeprefix(b"tree ").decode())

    def _found(self, oid: str) -> bytes | None:
        try:
            stream = self._repo.odb.stream(bytes.fromhex(oid))
            content = bytes(stream.read())
        except GitCommandNotFound as error:  # as GitPython calls every failure to start one
            raise TemporaryError(f"git could not be started: {error.__cause__}") from None
        except (GitError, ODBError, ValueError, BrokenPipeError):
            return None
        # git checks what it unpacks, but not that it is what was asked for.
        return content if _id(os.fsencode(stream.type), content) == oid else None

    def _entries(self, tree: str) -> Mapping[str, Leaf]:
        """Return what stands in one folder, by name."""
        try:
            found = tree_entries_from_data(self.read(tree))
        except ValueError as error:  # names such as ".git" or "..": hostile
            raise PermanentError(
                f"the repository has a file that git would refuse: {error}"
            ) from None
        return {name: Leaf(_usual(mode), oid.hex()) for oid, mode, name in found}


class Tree:
    """All the files of one commit; folders are read when somebody asks for them."""

    def __init__(self, objects: Objects, root: str) -> None:
        self._objects = objects
        self._root = Leaf(_FOLDER, root)

    def find(self, path: str) -> tuple[str, Leaf] | None:
        """Return what stands at `path` ("" is the root), or the link on the way to it.

        With it comes the path where it stands; None where there is nothing.
        """
        at, leaf = "", self._root
        for name in path.split("/") if path else ():
            if not S_ISDIR(leaf.mode):
                break
            below = self._objects.entries(leaf.id).get(name)
            if below is None:
                return None
            at, leaf = posixpath.join(at, name), below
        return (at, leaf) if at == path or S_ISLNK(leaf.mode) else None

    def file(self, path: str) -> Leaf | None:
        """Return the file, link or submodule that stands exactly at `path`."""
        found = self.find(path)
        return found[1] if found and found[0] == path and not S_ISDIR(found[1].mode) else None

    def files(self, path: str, cone: Cone) -> Iterator[tuple[str, Leaf]]:
        """Go through what stands at and below `path` but folders, as far as the cone has it.

        Links are not followed.
        """
        if found := self.find(path):
            yield from self._below(*found, cone)

    def differences(self, other: Tree) -> Iterator[tuple[str, Leaf | None]]:
        """Go through the files that `other` has otherwise; None is one that it has not."""
        yield from self._compared("", self._root, other._root)

    def reachable(self, paths: Iterable[str], cone: Cone) -> Iterator[tuple[str, Leaf]]:
        """Go through the files of all `paths`, and those that links among them lead to."""
        queue, seen = list(paths), set[str]()
        while queue:
            path = queue.pop()
            if path in seen or len(path) > _LONGEST_PATH:  # links may lead in circles
                continue
            seen.add(path)
            for at, leaf in self.files(path, cone):
                yield at, leaf
                if S_ISLNK(leaf.mode):
                    queue.extend(self._through(at, leaf, path))

    def _through(self, at: str, link: Leaf, path: str) -> Iterator[str]:
        """Yield where `path` leads through the link `at` on its way, if that is in the tree."""
        beyond = path[len(at) + 1 :] if path.startswith(f"{at}/") else ""
        target = os.fsdecode(self.content(link))
        led = posixpath.normpath(posixpath.join(posixpath.dirname(at), target, beyond))
        if not led.startswith(("/", "../")) and led != "..":
            yield "" if led == "." else led

    def content(self, leaf: Leaf) -> bytes:
        """Return a file's bytes, or where a link leads."""
        return self._objects.read(leaf.id)

    def _compared(
        self, at: str, old: Leaf | None, new: Leaf | None
    ) -> Iterator[tuple[str, Leaf | None]]:
        before, after = self._folder(old), self._folder(new)
        for name in before.keys() | after.keys():
            path, one, other = posixpath.join(at, name), before.get(name), after.get(name)
            if one == other:
                continue
            yield from self._compared(path, one, other)
            if other and not S_ISDIR(other.mode):
                yield path, other
            elif one and not S_ISDIR(one.mode):
                yield path, None

    def _folder(self, leaf: Leaf | None) -> Mapping[str, Leaf]:
        return self._objects.entries(leaf.id) if leaf and S_ISDIR(leaf.mode) else {}

    def _below(self, at: str, leaf: Leaf, cone: Cone) -> Iterator[tuple[str, Leaf]]:
        if not S_ISDIR(leaf.mode):
            if cone.has(at):
                yield at, leaf
        elif cone.reaches(at):
            for name, below in self._objects.entries(leaf.id).items():
                yield from self._below(posixpath.join(at, name), below, cone)


@contextmanager
def opened(repository: Path, env: Mapping[str, str]) -> Iterator[Objects]:
    """Open a mirror; one `git cat-file` process reads it, and ends with the block."""
    try:
        repo = Repo(repository, expand_vars=False)
    except GitError:
        raise _damaged(repository, "git does not know it") from None
    with repo:
        repo.git.update_environment(**env)
        yield Objects(repo, repository)


def ref(repository: Path, name: str) -> str | None:
    """Return the object that a ref of a mirror stands at; None where there is no such ref."""
    try:
        with Repo(repository, expand_vars=False) as repo:
            return SymbolicReference.dereference_recursive(repo, name)
    except ValueError:
        return None
    except (GitError, AssertionError, TypeError, IsADirectoryError, NotADirectoryError):
        raise _damaged(repository, f"{name} cannot be read") from None


def _id(kind: bytes, content: bytes) -> str:
    header = b"%s %d\0" % (kind, len(content))
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _usual(mode: int) -> int:
    """Return the mode as git writes it now: old trees have files of mode 100664."""
    return (mode & ~0o777) | (0o755 if mode & 0o100 else 0o644) if S_ISREG(mode) else mode


def _damaged(repository: Path, sentence: str) -> DamagedError:
    mark_damaged(repository)
    return damaged(f"{repository.name}: {sentence}")
