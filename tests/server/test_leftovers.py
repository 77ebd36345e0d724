"""Children that an earlier run left behind: ended, unless they are somebody else by now."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.leftovers import end_leftovers, remember

# It does not listen to SIGTERM.
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); "


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps, ended after the test if that did not end it."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def test_a_leftover_is_ended_and_told(tmp_path: Path, child: subprocess.Popen[bytes]) -> None:
    """It would hold ports and the data folder's files."""
    told: list[str] = []
    remember(tmp_path, "temporal", child.pid)
    end_leftovers(tmp_path, told.append)
    assert child.wait(5) == -15
    assert told == [f"ending the temporal (process {child.pid}) that an earlier run left behind"]
    assert not list(tmp_path.iterdir())


def test_a_leftover_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start does not fail because of it."""
    monkeypatch.setattr("server.leftovers._GRACE", 0.1)
    argv = [sys.executable, "-c", f"{_STUBBORN}import time; time.sleep(600)"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        remember(tmp_path, "temporal", process.pid)
        end_leftovers(tmp_path, lambda _: None)
        assert process.wait(5) == -9


def test_another_process_of_the_same_number_is_left_alone(
    tmp_path: Path, child: subprocess.Popen[bytes]
) -> None:
    """Numbers are used again: only a process that began at the same tick is ours."""
    remember(tmp_path, "api", child.pid)
    record = json.loads((tmp_path / "api.json").read_text())
    (tmp_path / "api.json").write_text(json.dumps(record | {"started": record["started"] - 1}))
    end_leftovers(tmp_path, lambda _: None)
    assert child.poll() is None


@pytest.mark.parametrize("record", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "started": null}'])
def test_a_record_that_was_cut_short_is_no_reason_to_fail(tmp_path: Path, record: str) -> None:
    """A kill may come between the making of a file and its writing."""
    (tmp_path / "api.json").write_text(record)
    end_leftovers(tmp_path, lambda _: None)
    assert not list(tmp_path.iterdir())
