"""Workspace: the folder of one Promotion on this worker's disk; always rebuildable."""

from __future__ import annotations

import asyncio
import hashlib
import json
import posixpath
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from activities.tools.disk import on_disk, refused
from activities.tools.fingerprints import loose_files
from activities.tools.folders import Place, opened, reading, writing
from activities.tools.paths import confined, confined_entry
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Checkout

_STATE = "state.json"
_TREE = "tree"
_MOST_LINKS = 40
"""As many as Linux follows."""


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
        place = await self.reach(path, field=field)
        try:
            return await asyncio.to_thread(_read, place)
        except (FileNotFoundError, NotADirectoryError):
            raise InvalidError(f"there is no file {path!r}", field=field) from None
        except IsADirectoryError:
            raise InvalidError(f"{path!r} is a folder, not a file", field=field) from None
        except OSError as error:
            raise refused(error, path, field=field, deed="read") from None

    async def write(
        self, path: str, content: bytes, *, field: str = "path", mode: int | None = None
    ) -> None:
        """Write a file; without `mode` (permission bits), it keeps the one that it has."""
        # What was never brought counts as unchanged: a checkout must know the file first.
        place = await self.reach(path, field=field)
        await on_disk(partial(_write, place, content, mode), path, field=field)

    async def bring(self, path: str, *, field: str = "path") -> Path:
        """The confined path, with what is there in a checkout on disk; a folder as a whole."""
        return (await self.reach(path, field=field)).path

    async def reach(
        self,
        path: str,
        names: Sequence[str] = ("",),
        *,
        field: str,
        as_entry: bool = False,
        overwrite: bool = False,
    ) -> Place:
        """Where `path` is, with what the checkouts have there on disk.

        With `names`, only those of a folder are brought, or prepared for being replaced:
        `overwrite`. A link at the end of `path` is followed, unless it is meant itself, `as_entry`.
        """
        confine = confined_entry if as_entry else confined
        target = confine(self.root, path, field=field)
        base = self.root.resolve()
        for _ in range(_MOST_LINKS):
            inside = target.relative_to(base).as_posix()
            for folder, within in self._in_checkouts(inside, names):
                checkout = self.checkouts[folder]
                await (checkout.overwrite if overwrite else checkout.materialise)(*within)
            # Links may have come to disk with the files: look again where it leads.
            before, target = target, confine(self.root, path, field=field)
            if target == before:
                return Place(base, "" if inside == "." else inside)
        raise InvalidError(f"{path!r} leads through too many links", field=field)

    async def export(self, paths: Iterable[str], folder: Path) -> None:
        """Write what the checkouts have at `paths`, and not on disk, to the same paths in `folder`.

        Only links are brought to disk.
        """
        for checkout, within in self._in_checkouts(".", paths):
            await self.checkouts[checkout].export(folder / checkout, *within)

    def checkouts_in(self, place: Place) -> list[str]:
        """The folders of checkouts at and below a place."""
        return [folder for folder in self.checkouts if _is_in(folder, place.name or ".")]

    async def unseen(self, place: Place) -> list[str]:
        """The files below a folder that checkouts have there, and did not bring to disk yet."""
        base, found = place.name or ".", list[str]()
        for folder, checkout in self.checkouts.items():
            if _is_in(base, folder) or _is_in(folder, base):
                inside = posixpath.relpath(base, folder) if _is_in(base, folder) else "."
                names = await checkout.names(inside)
                found += (posixpath.relpath(f"{folder}/{name}", base) for name in names)
        return [name for name in found if name != "."]

    def forget(self, folder: str) -> None:
        """A folder is a checkout no more."""
        del self.checkouts[folder]
        del self.state.checkouts[folder]
        self._write_state()

    async def fingerprint(self) -> str:
        """A hash of everything that later steps can see."""
        digest = hashlib.sha256()
        for folder in sorted(self.checkouts):
            digest.update(f"{folder}\0{await self.checkouts[folder].fingerprint()}\0".encode())
        hashed = partial(loose_files, Place(self.root, ""), frozenset(self.checkouts))
        digest.update(await on_disk(hashed, ".", field="work tree"))
        return digest.hexdigest()

    async def clear(self) -> None:
        """Begin anew with an empty folder."""
        self.checkouts.clear()
        await on_disk(partial(_remove_tree, self.folder), ".", field="work tree")
        self.state = WorkspaceState()

    def _in_checkouts(self, inside: str, names: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
        """The checkouts that hold `names` below `inside`, and what these are called there."""
        wanted: dict[str, list[str]] = {}
        innermost_first = sorted(self.checkouts, key=lambda f: (f != ".", len(f)), reverse=True)
        for name in names:
            path = posixpath.normpath(posixpath.join(inside, name))
            holder = next((f for f in innermost_first if _is_in(path, f)), None)
            if holder is not None:
                wanted.setdefault(holder, []).append(posixpath.relpath(path, holder))
            for folder in innermost_first:
                if folder != holder and _is_in(folder, path):
                    wanted.setdefault(folder, []).append(".")
        return wanted.items()

    def _write_state(self) -> None:
        temporary = self.folder / f"{_STATE}.new"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(vars(self.state)))
            # Not replaced in one instant, for which some file systems wait until it is on disk:
            # without a state, the tree is built anew.
            (self.folder / _STATE).unlink(missing_ok=True)
            temporary.rename(self.folder / _STATE)
        except OSError as error:
            raise refused(error, _STATE, field="work tree") from None


def _read_state(folder: Path) -> WorkspaceState:
    try:
        return WorkspaceState(**json.loads((folder / _STATE).read_text()))
    except (OSError, ValueError, TypeError):
        return WorkspaceState()


def _key(folder: str) -> str:
    return posixpath.normpath(folder)


def _is_in(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _read(place: Place) -> bytes:
    folder, name = place.parent
    with opened(folder) as descriptor, reading(descriptor, name) as file:
        return file.read()


def _write(place: Place, content: bytes, mode: int | None) -> None:
    folder, name = place.parent
    with (
        opened(folder, make=True) as descriptor,
        writing(descriptor, name, mode) as file,
    ):
        file.write(content)


def _remove_tree(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
