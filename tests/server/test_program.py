"""Programs that are kept running: started, watched, started again, and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ferryman.domain.errors import PermanentError
from server import program as module
from server.folder import DataFolder, opened
from server.log import Log
from server.program import Program, kept
from tests.eventually import eventually

# Says its number, and does what it is told afterwards.
_SPEAKS = "import os, sys, time; print('ready', os.getpid(), flush=True); "
_STAYS = f"{_SPEAKS}time.sleep(600)"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_DELAY", 0.01)


def _python(code: str, *, grace: float = 10) -> Program:
    async def ready(log: Log) -> bool:
        return "ready" in log.said()

    return Program("worker", [sys.executable, "-c", code], {}, ready, grace)


def _pid(folder: DataFolder) -> int:
    """The newest process's number, from its log."""
    return int((folder.logs / "worker.log").read_text().split()[-1])


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_a_program_is_awaited_until_it_is_ready_and_ended_with_the_block(
    tmp_path: Path,
) -> None:
    """Nothing that we start outlives its purpose."""
    with opened(tmp_path) as folder:
        async with kept(_python(_STAYS), folder, lambda _: None) as ready:
            await ready
            pid = _pid(folder)
            assert _alive(pid)
        assert not _alive(pid)


async def test_a_program_that_was_killed_is_started_again_and_both_is_told(tmp_path: Path) -> None:
    """One sentence says how it ended and when it is tried again, another that it is back."""
    told: list[str] = []
    with opened(tmp_path) as folder:
        async with kept(_python(_STAYS), folder, told.append) as ready:
            await ready
            first = _pid(folder)
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: "worker is back" in told)
            assert told[0] == "worker was ended by SIGKILL; starting it again in 0.01 s"
            assert _pid(folder) != first


async def test_a_program_that_ends_again_and_again_is_tried_ever_more_rarely(
    tmp_path: Path,
) -> None:
    """The delay doubles, so that a broken part does not take the machine."""
    told: list[str] = []
    with opened(tmp_path) as folder:
        async with kept(
            _python(f"{_SPEAKS}time.sleep(0.1); sys.exit(3)"), folder, told.append
        ) as ready:
            await ready
            await eventually(
                lambda: "worker ended with exit code 3; starting it again in 0.04 s" in told
            )
    ended = [line for line in told if "ended" in line]
    assert ended[:3] == [
        f"worker ended with exit code 3; starting it again in {delay} s"
        for delay in ("0.01", "0.02", "0.04")
    ]


async def test_a_program_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    """The sentence has the last line of its log, and where the rest is."""
    with opened(tmp_path) as folder:
        async with kept(_python("raise SystemExit('no such luck')"), folder, print) as ready:
            with pytest.raises(
                PermanentError,
                match=r"worker ended with exit code 1 before it was ready: no such luck "
                r"\(see .*worker\.log\)",
            ):
                await ready


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing program is a failed start like any other."""
    program = Program("worker", ["no-such-program"], {}, _python("").ready)
    with opened(tmp_path) as folder:
        async with kept(program, folder, print) as ready:
            with pytest.raises(PermanentError, match="no-such-program is not installed"):
                await ready


async def test_a_program_that_never_becomes_ready_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start does not hang for ever."""
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with opened(tmp_path) as folder:
        async with kept(_python("import time; time.sleep(600)"), folder, print) as ready:
            with pytest.raises(PermanentError, match=r"not ready after 0\.1 s"):
                await ready


async def test_a_second_cancellation_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    """Ctrl-C twice: what will not end is killed at once."""
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_STAYS}"
    with opened(tmp_path) as folder:
        ready_now = asyncio.Event()

        async def hold() -> None:
            async with kept(_python(stubborn, grace=60), folder, lambda _: None) as ready:
                await ready
                ready_now.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(hold())
        await ready_now.wait()
        pid = _pid(folder)
        task.cancel()
        await asyncio.sleep(0.2)
        assert _alive(pid)
        task.cancel()
        async with asyncio.timeout(5):
            with suppress(asyncio.CancelledError):
                await task
        await eventually(lambda: not _alive(pid))  # it is killed now, and reaped in a moment
