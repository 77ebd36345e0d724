"""The runner of processes: what it answers, and that nothing it started outlives its time."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ferryman import processes
from ferryman.domain.errors import NotFoundError, PermanentError, TemporaryError

_PATIENCE = 10.0


async def test_it_answers_with_code_and_output() -> None:
    """Exit code, standard output and standard error come back, and input goes in."""
    done = await processes.run(["sh", "-c", "cat; echo oh >&2; exit 3"], stdin=b"in")
    assert (done.code, done.stdout, done.stderr) == (3, b"in", b"oh\n")


async def test_the_environment_is_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of our environment but PATH reaches the program."""
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    done = await processes.run(["env"], env={"HOME": "/nonexistent"})
    names = {line.partition("=")[0] for line in done.text.splitlines()}
    assert names - {"_", "PWD", "SHLVL"} == {"PATH", "LC_ALL", "HOME"}


async def test_input_that_nobody_reads_is_no_error() -> None:
    """A program may end before it has read its input."""
    done = await processes.run(["true"], stdin=b"x" * 1_000_000)
    assert done.code == 0


async def test_large_input_and_output_pass_at_once() -> None:
    """Neither side blocks the other, however much goes in and out."""
    data = b"0123456789abcdef" * 100_000
    assert (await processes.run(["cat"], stdin=data)).stdout == data


async def test_too_much_output_is_an_error_that_names_the_limit() -> None:
    """A program that writes without end is stopped."""
    with pytest.raises(PermanentError, match="yes wrote more than the 1000 bytes"):
        await processes.run(["yes"], limit=1000)


async def test_of_standard_error_the_end_is_kept() -> None:
    """However much a program complains, its last words are kept, and no more."""
    done = await processes.run(["sh", "-c", "seq 100000 >&2; echo last >&2"])
    assert len(done.stderr) == processes.ERRORS_KEPT
    assert done.errors.endswith("100000\nlast\n")


async def test_a_signal_is_a_negative_code() -> None:
    """A program that was killed has its signal for a code."""
    done = await processes.run(["sh", "-c", "kill -9 $$"])
    assert done.code == -signal.SIGKILL


async def test_what_cannot_be_started_is_told_apart(tmp_path: Path) -> None:
    """A missing program, a missing folder and a file that is no program are named."""
    with pytest.raises(NotFoundError, match="no-such-program is not installed"):
        await processes.run(["no-such-program"])
    with pytest.raises(NotFoundError, match=r"the folder .* does not exist"):
        await processes.run(["true"], cwd=tmp_path / "missing")
    with pytest.raises(PermanentError, match="may not be executed"):
        await processes.run([str(tmp_path)])


async def test_a_timeout_ends_the_program() -> None:
    """After its time a program is stopped, with a sentence that says so."""
    with pytest.raises(TemporaryError, match=r"sleep did not finish within 0\.1 s"):
        await processes.run(["sleep", "300"], timeout=0.1)


async def test_cancelling_ends_the_group(tmp_path: Path) -> None:
    """A cancelled wait leaves neither the program nor its children running."""
    pids = tmp_path / "pids"
    script = f"sleep 300 & echo $$ $! >{pids}; wait"
    task = asyncio.create_task(processes.run(["sh", "-c", script]))
    found = await _written(pids, 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _gone(*found)


async def test_what_a_program_leaves_behind_is_killed() -> None:
    """A child that outlives the program, and holds its output open, holds nobody up."""
    began = time.monotonic()
    done = await processes.run(["sh", "-c", "sleep 300 & echo $!"])
    assert time.monotonic() - began < _PATIENCE
    await _gone(int(done.stdout))


async def test_a_kept_process_ends_with_its_block() -> None:
    """A server lives for as long as its block, and may be spoken to."""
    async with processes.started(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"hello\n")
        assert await process.stdout.readline() == b"hello\n"
    await _gone(process.pid)


async def test_who_does_not_listen_is_made_to_end() -> None:
    """A group that ignores the request to end is killed after the grace."""
    script = "trap '' TERM; sleep 300 & echo $!; wait"
    argv = ["sh", "-c", script]
    async with processes.started(argv, stdout=subprocess.PIPE, grace=0.05) as process:
        assert process.stdout is not None
        child = int(await process.stdout.readline())
    await _gone(process.pid, child)


async def test_who_does_not_listen_is_buried_though_we_are_cancelled() -> None:
    """Its exit code is known in the end, so that nothing of it stays with the kernel."""
    running = asyncio.Event()
    kept = list[processes.Process]()

    async def keep() -> None:
        argv = ["sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done"]
        async with processes.started(argv, stdout=subprocess.PIPE, grace=0.2) as process:
            assert process.stdout
            await process.stdout.readline()
            kept.append(process)
            running.set()
            await process.wait()

    keeping = asyncio.create_task(keep())
    await running.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert kept[0].returncode == -signal.SIGKILL


async def test_kill_9_of_us_kills_children_and_grandchildren(tmp_path: Path) -> None:
    """When this process dies, without a chance to tidy up, its processes die down to the last."""
    pids = tmp_path / "pids"
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", _WORKER, str(pids))
    found = await _written(pids, 3)
    worker.kill()
    await worker.wait()
    await _gone(*found)


_WORKER = """
import asyncio, sys
from subprocess import PIPE
from ferryman import processes

async def work():
    script = "(sleep 300 & echo $!; wait) & echo $$; echo $!; wait"
    async with processes.started(["sh", "-c", script], stdout=PIPE) as process:
        lines = [await process.stdout.readline() for _ in range(3)]
        with open(sys.argv[1], "wb") as file:
            file.writelines(lines)
        await process.wait()

asyncio.run(work())
"""


async def _written(path: Path, count: int) -> list[int]:
    """Wait until so many numbers stand in a file."""
    return await asyncio.to_thread(_wait_for_numbers, path, count)


def _wait_for_numbers(path: Path, count: int) -> list[int]:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if path.exists() and len(words := path.read_text().split()) == count:
            return [int(word) for word in words]
        time.sleep(0.005)
    pytest.fail(f"nothing in {path}")


async def _gone(*pids: int) -> None:
    """Wait until none of these processes runs; zombies do not."""
    deadline = time.monotonic() + _PATIENCE
    while any(map(_runs, pids)):
        assert time.monotonic() < deadline, f"still running: {pids}"
        await asyncio.sleep(0.005)


def _runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
