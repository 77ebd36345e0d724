"""The one runner of every process that we start: git, helm, temporal, servers of the demo.

A process gets a group and an environment of its own, and never a shell. It is held on a leash:
when we die, however we die, the kernel kills its whole group.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO

from ferryman.domain.errors import NotFoundError, PermanentError, TemporaryError
from ferryman.leash import Leash

GRACE = 1.0
"""Seconds between asking a process to end and making it."""

OUTPUT_LIMIT = 16 * 1024 * 1024
"""Bytes of standard output that `run` accepts."""

ERRORS_KEPT = 64 * 1024
"""Bytes of standard error that `run` keeps: the last ones."""

_KILLED = 10.0
"""Seconds in which a killed process is gone even where the disk is busy."""

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Completed:
    """How a process ended, and what it said; a `code` below 0 is the signal that ended it."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """Standard output as text; bytes that are no UTF-8 survive as in file names."""
        return self.stdout.decode("utf-8", "surrogateescape")

    @property
    def errors(self) -> str:
        """Standard error as text for people."""
        return self.stderr.decode("utf-8", "replace")


async def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,  # noqa: ASYNC109 — it ends the process, not only the wait
    limit: int = OUTPUT_LIMIT,
    pass_fds: Sequence[int] = (),
) -> Completed:
    """Run a program to its end; cancelling the wait ends the program too.

    `env` is its whole environment but for PATH and LC_ALL, `timeout` is in seconds, `limit` in
    bytes of standard output. Any exit code is an answer, not an error. Raises `NotFoundError`
    where there is no such program or folder, `TemporaryError` where it takes too long or the
    machine has no room for it, `PermanentError` where it writes more than `limit`.
    """
    name = Path(argv[0]).name
    streams = {"stdin": PIPE if stdin else DEVNULL, "stdout": PIPE, "stderr": PIPE}
    async with started(argv, cwd=cwd, env=env, pass_fds=pass_fds, **streams) as process:
        try:
            async with asyncio.timeout(timeout):
                _, out, err = await asyncio.gather(
                    _feed(process.stdin, stdin),
                    _read(process.stdout, limit, name),
                    _read_last(process.stderr),
                )
                code = await process.wait()
        except TimeoutError:
            message = f"{name} did not finish within {timeout:g} s and was stopped"
            raise TemporaryError(message) from None
    return Completed(code, out, err)


@contextlib.asynccontextmanager
async def started(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: int | IO[bytes] = DEVNULL,
    stdout: int | IO[bytes] = DEVNULL,
    stderr: int | IO[bytes] = DEVNULL,
    pass_fds: Sequence[int] = (),
    grace: float = GRACE,
) -> AsyncIterator[Process]:
    """Keep a program running for as long as the block lasts, then end its whole group.

    The group is asked first, and made to end after `grace` seconds; what the program leaves
    behind when it ends by itself is killed. Environment and errors are those of `run`.
    """
    with contextlib.closing(Leash()) as leash:
        with _starting(Path(argv[0]).name, cwd):
            # asyncio's own way waits between start and `tie`, where a cancelled wait or our death
            # would leave the program's children running.
            popen = Popen(  # noqa: ASYNC220 — as blocking as asyncio's, which does the same
                argv,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=cwd,
                env={"PATH": os.pathsep.join(os.get_exec_path()), "LC_ALL": "C", **(env or {})},
                process_group=0,
                pass_fds=(*pass_fds, leash.end),
            )
        leash.tie(popen.pid)
        process = Process(popen, leash)
        try:
            await process.connect()
            yield process
        finally:
            await process.end(grace)


class Process:
    """A program that runs, with streams where pipes were asked for."""

    stdin: asyncio.StreamWriter | None = None
    stdout: asyncio.StreamReader | None = None
    stderr: asyncio.StreamReader | None = None

    def __init__(self, popen: Popen[bytes], leash: Leash) -> None:
        self.pid = popen.pid
        self._popen = popen
        self._leash = leash
        self._loop = asyncio.get_running_loop()
        self._exited = asyncio.Event()
        self._pipes = [pipe for pipe in (popen.stdin, popen.stdout, popen.stderr) if pipe]
        self._closers: list[Callable[[], None]] = []
        self._pidfd = os.pidfd_open(popen.pid)
        self._loop.add_reader(self._pidfd, self._on_exit)

    @property
    def returncode(self) -> int | None:
        """Its exit code, below 0 the signal that ended it; None while it runs."""
        return self._popen.returncode

    async def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        await self._exited.wait()
        return self._popen.wait()

    async def connect(self) -> None:
        """Make streams of its pipes."""
        if self._popen.stdin:
            protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
            writing, _ = await self._loop.connect_write_pipe(lambda: protocol, self._popen.stdin)
            self._connected(self._popen.stdin, writing.close)
            self.stdin = asyncio.StreamWriter(writing, protocol, None, self._loop)
        self.stdout = await self._reader(self._popen.stdout)
        self.stderr = await self._reader(self._popen.stderr)

    async def end(self, grace: float) -> None:
        """End the group: ask, wait for `grace` seconds, make."""
        for act, patience in ((self._leash.ask, grace), (self._leash.close, _KILLED)):
            if not self._exited.is_set():
                act()
                await self._exits(patience)
        for close in (*self._closers, *(pipe.close for pipe in self._pipes)):
            close()

    async def _exits(self, seconds: float) -> None:
        """Wait for its exit for so long at most, also in a task that was cancelled.

        There, asyncio.timeout of Python 3.11.2 raises CancelledError.
        """
        waiting = asyncio.create_task(self._exited.wait())
        try:
            await asyncio.wait([waiting], timeout=seconds)  # noqa: TID251 — in no workflow
        finally:
            waiting.cancel()

    async def _reader(self, pipe: IO[bytes] | None) -> asyncio.StreamReader | None:
        if pipe is None:
            return None
        reader = asyncio.StreamReader()
        transport, _ = await self._loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        self._connected(pipe, transport.close)
        return reader

    def _connected(self, pipe: IO[bytes], closer: Callable[[], None]) -> None:
        self._pipes.remove(pipe)
        self._closers.append(closer)

    def _on_exit(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._popen.wait()
        self._leash.close()  # whoever is left in the group would hold its pipes open
        self._exited.set()


async def _feed(stream: asyncio.StreamWriter | None, data: bytes) -> None:
    if stream is not None:
        stream.write(data)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it had read enough
            await stream.drain()
        stream.close()


async def _read(stream: asyncio.StreamReader | None, limit: int, name: str) -> bytes:
    read = bytearray()
    while stream is not None and (chunk := await stream.read(_CHUNK)):
        read += chunk
        if len(read) > limit:
            raise PermanentError(f"{name} wrote more than the {limit} bytes that are allowed here")
    return bytes(read)


async def _read_last(stream: asyncio.StreamReader | None) -> bytes:
    read = bytearray()
    while stream is not None and (chunk := await stream.read(_CHUNK)):
        read += chunk
        del read[:-ERRORS_KEPT]
    return bytes(read)


@contextlib.contextmanager
def _starting(name: str, cwd: Path | None) -> Iterator[None]:
    """Say in our words why a program could not be started."""
    try:
        yield
    except FileNotFoundError:
        if cwd is not None and not cwd.is_dir():
            raise NotFoundError(
                f"the folder {cwd} does not exist, so {name} cannot run there"
            ) from None
        raise NotFoundError(f"{name} is not installed, or not on PATH") from None
    except PermissionError:
        raise PermanentError(f"{name} may not be executed by this user") from None
    except (BlockingIOError, MemoryError, OSError) as error:
        raise TemporaryError(f"{name} could not be started: {error}") from None
