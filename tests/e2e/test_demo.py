"""The demo, as a newcomer runs it."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from fcntl import ioctl
from pathlib import Path
from pty import openpty
from struct import pack
from termios import TIOCSCTTY, TIOCSWINSZ

import pytest

from ferryman.processes import run
from tests.eventually import eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

_COMMAND = (sys.executable, "-P", "-m", "server", "demo")


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FERRYMAN_", "XDG_"))}
    return {**kept, "HOME": str(home), "TMPDIR": str(home)}


@pytest.fixture(params=["registry program", "registry of its own"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A machine with `docker-registry`, and one that has git and nothing else."""
    environment = _environment(tmp_path)
    if request.param == "registry program":
        if shutil.which("docker-registry") is None:
            pytest.skip("needs the Debian package docker-registry")
        return environment
    only_git = tmp_path / "bin"
    only_git.mkdir()
    (only_git / "git").symlink_to(str(shutil.which("git")))
    return {**environment, "PATH": str(only_git)}


async def test_the_demo_plays_by_itself_and_ends_well(environment: Mapping[str, str]) -> None:
    """`--once --yes`: three commits of one line each, exit code 0, and nothing left."""
    played = await run([*_COMMAND, "--once", "--yes"], env=environment, timeout=200)
    assert played.code == 0, played.text + played.errors
    assert not played.errors
    assert played.text.count('-  tag: "0.9.0"') == played.text.count('+  tag: "1.0.0"') == 3
    for stage in ("development", "staging", "production"):
        assert f"{stage} runs echo-server 1.0.0" in played.text
    home = Path(environment["HOME"])
    assert not _left_in(home)
    assert not (home / ".config" / "ferryman" / "config").exists()


async def test_a_person_plays_it(tmp_path: Path) -> None:
    """Enter promotes, Temporal alone approves, Enter pushes another version, Ctrl-C ends it."""
    async with _at_a_terminal(_environment(tmp_path)) as person:
        await person.sees("Enter promotes")
        person.presses_enter()
        await person.sees("Enter approves")
        (signal_line,) = re.findall(r"\n +(\S*temporal workflow signal .*)\r", person.screen)
        approved = await run(shlex.split(signal_line), env=_environment(tmp_path))
        assert approved.code == 0, approved.errors
        await person.sees("production runs echo-server 1.0.0")
        await person.sees("Enter pushes another version")
        person.presses_enter()
        await person.sees("1.1.0 pushed")
        await person.sees("development runs echo-server 1.1.0")
        assert await person.interrupts() == 0
        assert "Traceback" not in person.screen
    assert not _left_in(tmp_path)


def _left_in(home: Path) -> list[Path]:
    return list(home.glob("ferryman-demo-*"))


class _Person:
    """Somebody at a terminal in which the demo runs."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self.screen = ""
        self._process = process
        self._terminal = terminal
        asyncio.get_running_loop().add_reader(terminal, self._look)

    async def sees(self, words: str) -> None:
        await eventually(
            lambda: words in self.screen or self._process.returncode is not None, seconds=100
        )
        assert words in self.screen, self.screen

    def presses_enter(self) -> None:
        os.write(self._terminal, b"\n")

    async def interrupts(self) -> int:
        os.write(self._terminal, b"\x03")
        return await self._process.wait()

    def _look(self) -> None:
        try:
            read = os.read(self._terminal, 65536)
        except OSError:  # the other end was closed
            read = b""
        if not read:
            asyncio.get_running_loop().remove_reader(self._terminal)
        self.screen += re.sub(r"\x1b\[[0-9;]*m", "", read.decode(errors="replace"))


@asynccontextmanager
async def _at_a_terminal(environment: Mapping[str, str]) -> AsyncIterator[_Person]:
    terminal, its_end = openpty()
    ioctl(its_end, TIOCSWINSZ, pack("HHHH", 50, 300, 0, 0))  # rows, columns
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        env=environment,
        preexec_fn=_take_the_terminal,
        start_new_session=True,
    )
    os.close(its_end)
    try:
        yield _Person(process, terminal)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        asyncio.get_running_loop().remove_reader(terminal)
        os.close(terminal)


def _take_the_terminal() -> None:
    """Make standard input the new session's terminal, so that ^C becomes a signal."""
    ioctl(0, TIOCSCTTY, 0)
