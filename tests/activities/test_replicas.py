"""Replicas: copies of parts of the work tree for helm and kustomize."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.tools.replica import replica
from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError


async def test_ways_up_through_links(tmp_path: Path) -> None:
    """A path that stays in the tree by a link's target, but not by its names, is not copied out."""
    workspace = Workspace(tmp_path / "w")
    (workspace.root / "a/b/c").mkdir(parents=True)
    (workspace.root / "link").symlink_to("a/b/c")
    (workspace.root / "x").write_text("mine")
    async with replica(workspace) as copy:
        with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
            await copy.take("link/../../../x", field="path")
    assert _names(tmp_path) == ["w"]
    assert _names(workspace.folder) == ["tree"]


async def test_folders_and_what_is_missing(tmp_path: Path) -> None:
    """Folders come whole, links as what they lead to, and what is not there is left out."""
    workspace = Workspace(tmp_path / "w")
    (workspace.root / "a/b").mkdir(parents=True)
    (workspace.root / "a/b/x").write_text("mine")
    (workspace.root / "a/y").symlink_to("b/x")
    async with replica(workspace) as copy:
        await copy.take_all(["a", "gone"], field="path")
        assert (copy.root / "a/y").read_text() == (copy.root / "a/b/x").read_text() == "mine"
        assert not (copy.root / "a/y").is_symlink()
        assert not (copy.root / "gone").exists()


def _names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]
