"""The data folder: made, held by one server, and refused by a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ferryman.domain.errors import PermanentError
from server.folder import opened


def test_a_missing_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    """What is kept there is nobody else's business."""
    with opened(tmp_path / "a" / "b") as folder:
        assert folder.path.stat().st_mode & 0o777 == 0o700
        assert folder.logs.is_dir()
        assert folder.children.is_dir()


def test_a_folder_that_cannot_be_used_is_named_with_a_way_out(tmp_path: Path) -> None:
    """A file in the folder's place: the sentence names it, and the option."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(PermanentError, match=r"file cannot be used.*choose another with --data"),
        opened(tmp_path / "file"),
    ):
        pass


def test_a_second_server_is_refused_and_the_first_one_named(tmp_path: Path) -> None:
    """Two servers on one folder would both run its Temporal."""
    holder = rf"process {os.getpid()}\) uses .* stop that one"
    with opened(tmp_path), pytest.raises(PermanentError, match=holder), opened(tmp_path):
        pass


def test_a_folder_is_free_again_once_its_server_has_gone(tmp_path: Path) -> None:
    """The lock goes with its holder, not with a file that stays."""
    with opened(tmp_path):
        pass
    with opened(tmp_path) as folder:
        assert folder.lock.read_text() == f"{os.getpid()}\n"
