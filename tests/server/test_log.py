"""A child's log: what is read back, and how it stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import log
from server.log import Log


def test_only_the_latest_process_is_quoted(tmp_path: Path) -> None:
    """An old failure in the same file must not be taken for a new one."""
    kept = Log(tmp_path / "a.log")
    for words in (b"first\n", b"second\n\n"):
        with kept.opened() as file:
            file.write(words)
    assert kept.said() == "second\n\n"
    assert kept.last_line() == "second"
    assert kept.path.read_text() == "first\nsecond\n\n"


def test_a_large_log_is_set_aside_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most one old file is kept, and who appends goes on in the emptied one."""
    monkeypatch.setattr(log, "_LARGEST", 4)
    kept = Log(tmp_path / "a.log")
    with kept.opened() as file:
        file.write(b"too long\n")
        file.flush()
        kept.bound()
        file.write(b"more\n")
    assert (tmp_path / "a.log.1").read_text() == "too long\n"
    assert kept.path.read_text() == kept.said() == "more\n"


def test_a_log_that_does_not_exist_says_nothing(tmp_path: Path) -> None:
    """Before the first start there is no file."""
    assert not Log(tmp_path / "a.log").last_line()
