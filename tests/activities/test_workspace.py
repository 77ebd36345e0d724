"""A workspace: what counts as seen, and what a disk out of order does."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError, TemporaryError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace in its first step."""
    workspace = Workspace(tmp_path / "work")
    workspace.begin("1")
    return workspace


def program(root: Path) -> None:
    """Make ./a a program."""
    (root / "a").chmod(0o755)


def link(root: Path) -> None:
    """Add a link."""
    (root / "link").symlink_to("a")


def other_link(root: Path) -> None:
    """Let the link lead elsewhere."""
    (root / "link").unlink()
    (root / "link").symlink_to("b")


def content(root: Path) -> None:
    """Change a byte, in the same tick of the clock."""
    stat = (root / "a").stat()
    (root / "a").write_bytes(b"y")
    os.utime(root / "a", ns=(stat.st_atime_ns, stat.st_mtime_ns))


def name(root: Path) -> None:
    """Move a file; its name is no text."""
    (root / "a").rename(root / os.fsdecode(b"\xff"))


async def test_what_a_fingerprint_sees(workspace: Workspace) -> None:
    """Each change of name, content, kind or mode of a loose file gives another hash."""
    await workspace.write("a", b"x")
    seen = [await workspace.fingerprint()]
    changes: list[Callable[[Path], None]] = [program, link, other_link, content, name]
    for change in changes:
        change(workspace.root)
        seen.append(await workspace.fingerprint())
    assert len(set(seen)) == len(seen)


async def test_what_a_fingerprint_does_not_see(workspace: Workspace) -> None:
    """Neither times nor rights that depend on the umask make a difference, nor git's own data."""
    await workspace.write("a/b", b"x")
    before = await workspace.fingerprint()
    (workspace.root / "a/b").chmod(0o600)
    os.utime(workspace.root / "a/b", (1, 1))
    (workspace.root / "a/.git").write_text("x")
    assert await workspace.fingerprint() == before


async def test_the_order_of_writing(tmp_path: Path) -> None:
    """The same files give the same hash, in whatever order they were written."""
    hashes = set()
    for names in ("abc", "cba"):
        workspace = Workspace(tmp_path / names)
        workspace.begin("1")
        for each in names:
            await workspace.write(f"{each}/x", each.encode())
        hashes.add(await workspace.fingerprint())
    assert len(hashes) == 1


async def test_a_mode(workspace: Workspace) -> None:
    """A file is written with the mode that is given; without one, it keeps its own."""
    await workspace.write("a", b"x", mode=0o640)
    await workspace.write("a", b"y")
    target = workspace.root / "a"
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"y", 0o640)


async def test_links_in_a_circle(workspace: Workspace) -> None:
    """A circle of links is refused by the field."""
    (workspace.root / "a").symlink_to("b")
    (workspace.root / "b").symlink_to("a")
    with pytest.raises(InvalidError, match="path: 'a/x' leads through links in a circle"):
        await workspace.read("a/x")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
async def test_a_full_disk(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A disk that is full or broken is waited for; the step stays begun, and is done again."""

    def full(*_: Any, **__: Any) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(TemporaryError, match=r"disk is full or out of order .*'a'.*make room"):
        await workspace.write("a", b"x")
    monkeypatch.undo()
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(TemporaryError, match="disk is full"):
        workspace.finish("1")
    monkeypatch.undo()
    state = json.loads((workspace.folder / "state.json").read_text())
    assert (state["busy"], state["done"]) == ("1", [])


async def test_a_folder_that_cannot_be_removed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that cannot be cleared is not taken for an empty one."""

    def read_only(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "rmdir", read_only)
    with pytest.raises(TemporaryError, match="disk is full or out of order"):
        await workspace.clear()
    monkeypatch.undo()
    await workspace.clear()
    await workspace.clear()
    assert not workspace.folder.exists()
