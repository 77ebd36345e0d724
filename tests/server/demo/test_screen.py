"""What the demo shows, on terminals and in files."""

from __future__ import annotations

import pytest

from server.demo.repository import Commit
from server.demo.screen import Screen

_DIFF = """\
diff --git a/app/dev.yaml b/app/dev.yaml
index 1..2 100644
--- a/app/dev.yaml
+++ b/app/dev.yaml
@@ -1 +1 @@
-tag: 1
+tag: 2"""


def test_a_file_gets_neither_colour_nor_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    """Logs of CI stay readable and searchable."""
    Screen().done("word " * 60, "[more]")
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1
    assert shown.startswith("   ✓ word word")
    assert "\x1b" not in shown


def test_a_narrow_terminal_gets_short_lines_but_whole_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be copied must stay one line."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    screen = Screen()
    screen.say("word " * 20)
    screen.commands([("To look:", "ferryman get stages -p echo-server -o wide")])
    said, command = capsys.readouterr().out.split("To look:")
    assert max(map(len, said.splitlines())) <= 30
    assert "ferryman get stages -p echo-server -o wide" in command.splitlines()[1]


def test_a_commit_is_shown_with_its_file_and_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """As `git log` and `git show` have it, without the headers that people skip."""
    Screen().commit(Commit(id="abc1234", author="Ann", subject="[dev] runs 2", diff=_DIFF))
    assert capsys.readouterr().out.splitlines() == [
        "   abc1234 [dev] runs 2 Ann",
        "     app/dev.yaml",
        "     @@ -1 +1 @@",
        "     -tag: 1",
        "     +tag: 2",
    ]
