"""Workspace: the folder of one Promotion on this worker's disk; always rebuildable."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from activities.tools.paths import confined
from ferryman.domain.errors import InvalidError, TemporaryError
from ferryman.domain.ports import Checkout

_STATE = "state.json"
_TREE = "tree"


@dataclass
class WorkspaceState:
    """How far the tree is: after the steps `done`, with `busy` perhaps half done."""

    done: list[str] = field(default_factory=list)
    busy: str = ""
    checkouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Folder → how to open its checkout again."""


class Workspace:
    """Files of one Promotion, some of them in git checkouts, brought to disk when asked for.

    Steps see what is below `root`; the state lies beside it, out of their reach.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / _TREE
        self.checkouts: dict[str, Checkout] = {}
        self.state = _read_state(folder)

    def begin(self, path: str) -> None:
        """A step starts: until `finish`, the tree is not to be trusted."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.state.busy = path
        self._write_state()

    def finish(self, path: str) -> None:
        """The step is done with the tree."""
        self.state.busy = ""
        self.state.done.append(path)
        self._write_state()

    def add_checkout(self, folder: str, checkout: Checkout, **how: Any) -> None:
        """A folder is a checkout now."""
        key = _key(folder)
        self.checkouts[key] = checkout
        self.state.checkouts[key] = how
        self._write_state()

    def note(self, folder: str, **facts: Any) -> None:
        """Remember something about a checkout."""
        self.state.checkouts[_key(folder)].update(facts)
        self._write_state()

    def noted(self, folder: str, fact: str, default: str = "") -> str:
        """What was remembered about a checkout."""
        return str(self.state.checkouts.get(_key(folder), {}).get(fact, default))

    def checkout(self, folder: str, *, field: str = "path") -> Checkout:
        """The checkout at `folder`; raises InvalidError when it is none."""
        found = self.checkouts.get(_key(folder))
        if found is None:
            known = ", ".join(sorted(self.checkouts)) or "none"
            message = f"{folder!r} is not a git checkout of this promotion (there is: {known})"
            raise InvalidError(f"{message}; clone into it first", field=field)
        return found

    async def read(self, path: str, *, field: str = "path") -> bytes:
        """A file's bytes; raises InvalidError when there is no such file."""
        target = await self.bring(path, field=field)
        try:
            return await asyncio.to_thread(target.read_bytes)
        except (FileNotFoundError, NotADirectoryError):
            raise InvalidError(f"there is no file {path!r}", field=field) from None
        except IsADirectoryError:
            raise InvalidError(f"{path!r} is a folder, not a file", field=field) from None
        except OSError as error:
            raise InvalidError(f"{path!r} cannot be read: {error.strerror}", field=field) from None

    async def write(self, path: str, content: bytes, *, field: str = "path") -> None:
        """Write a file, keeping its mode where it exists."""
        # What was never brought counts as unchanged: a checkout must know the file first.
        target = await self.bring(path, field=field)
        try:
            await asyncio.to_thread(_write, target, content)
        except OSError as error:
            message = f"{path!r} cannot be written on the worker's disk: {error.strerror}"
            raise TemporaryError(message) from None

    async def bring(self, path: str, *, field: str = "path") -> Path:
        """The confined path, with what is there in a checkout on disk."""
        target = confined(self.root, path, field=field)
        inside = PurePosixPath(target.relative_to(self.root.resolve()).as_posix())
        for folder, checkout in self._around(inside):
            within = inside.relative_to(folder)
            await checkout.materialise(str(within))
        # Links may have come to disk with the file: look again where it leads.
        return confined(self.root, path, field=field)

    async def fingerprint(self) -> str:
        """A hash of everything that later steps can see."""
        digest = hashlib.sha256()
        for folder in sorted(self.checkouts):
            digest.update(f"{folder}\0{await self.checkouts[folder].fingerprint()}\0".encode())
        loose = await asyncio.to_thread(_loose_files, self.root, frozenset(self.checkouts))
        for name, content in loose:
            digest.update(f"{name}\0{content}\0".encode())
        return digest.hexdigest()

    async def clear(self) -> None:
        """Begin anew with an empty folder."""
        self.checkouts.clear()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)
        self.state = WorkspaceState()

    def _around(self, path: PurePosixPath) -> Iterable[tuple[PurePosixPath, Checkout]]:
        """The checkout that a path lies in: the innermost one."""
        folders = sorted(self.checkouts, key=len, reverse=True)
        for folder in folders:
            if folder == "." or path.is_relative_to(folder):
                return [(PurePosixPath(folder), self.checkouts[folder])]
        return []

    def _write_state(self) -> None:
        temporary = self.folder / f"{_STATE}.new"
        temporary.write_text(json.dumps(vars(self.state)))
        temporary.replace(self.folder / _STATE)


def _read_state(folder: Path) -> WorkspaceState:
    try:
        return WorkspaceState(**json.loads((folder / _STATE).read_text()))
    except (OSError, ValueError, TypeError):
        return WorkspaceState()


def _key(folder: str) -> str:
    return PurePosixPath(folder).as_posix()


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _loose_files(root: Path, checkouts: frozenset[str]) -> list[tuple[str, str]]:
    """Name and content hash of every file outside the checkouts."""
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        inside = any(c in {".", name} or name.startswith(f"{c}/") for c in checkouts)
        if not inside and path.is_file() and not path.is_symlink():
            found.append((name, hashlib.sha256(path.read_bytes()).hexdigest()))
    return found
