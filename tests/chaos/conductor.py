"""The conductor: strikes as the plan says, and writes down what was struck when."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal, cast

from tests.chaos.installation import WORKERS, Installation
from tests.chaos.journal import Entry
from tests.chaos.outside import Outside
from tests.chaos.plan import EVERYTHING, GIT, NETWORKS, WORKER, Moment, Planned, Way
from tests.servers.turnstile import Service

_PATIENCE = 2.0
"""Seconds that a blow waits for its moment; then it comes anyway."""


@dataclass(frozen=True)
class Blow:
    """What was done."""

    at: float
    """Seconds since the epoch."""
    until: float
    """When the process was let start again, or thaw, or the network was whole."""
    target: str
    """The part's name, or the network's."""
    way: Way
    moment: str = ""
    worker: str = ""
    """How the worker that was struck calls itself."""


class Conductor:
    """Strikes one blow after another; what lasts goes on beside the next ones."""

    def __init__(self, installation: Installation, outside: Outside) -> None:
        self._installation = installation
        self._outside = outside
        self._lasting: set[asyncio.Task[None]] = set()
        self.blows: list[Blow] = []

    async def play(self, plan: Iterable[Planned], more: Callable[[], bool]) -> None:
        """Strike all blows while there is to be `more`; returns when none lasts any more.

        Who waited long for a moment is in a hurry afterwards.
        """
        due = time.monotonic()
        for planned in plan:
            if not more():
                break
            due += planned.pause
            await asyncio.sleep(due - time.monotonic())
            await self.strike(planned)
        await self.ended()

    async def ended(self) -> None:
        """Wait until nothing lasts any more."""
        await asyncio.gather(*self._lasting)

    async def strike(self, planned: Planned, *, patience: float = _PATIENCE) -> None:
        """Wait for the moment, but no longer than `patience` seconds, and strike."""
        async with self._moment(planned.moment, patience) as (worker, came):
            name = planned.target
            if name == WORKER:
                name = worker or self._some_worker(planned.draw)
            blow, stack = self._blows_of(name, planned), AsyncExitStack()
            struck = await stack.enter_async_context(blow)
            moment = str(planned.moment) if came else str(Moment())
            self.blows += [replace(blow, moment=moment) for blow in struck]
        lasting = asyncio.create_task(_last(planned.lasts, stack))
        self._lasting.add(lasting)
        lasting.add_done_callback(self._lasting.discard)

    @asynccontextmanager
    async def _blows_of(self, name: str, planned: Planned) -> AsyncIterator[list[Blow]]:
        """Strike; what is undone afterwards lasts as long as the block."""
        installation, lasts, way = self._installation, planned.lasts, planned.way

        def struck(at: float, target: str = name) -> Blow:
            worker = installation.worker_id(target) if target in WORKERS else ""
            return Blow(at, at + lasts, target, way, worker=worker)

        if name in NETWORKS:
            with self._trouble(name, way):
                yield [struck(time.time())]
        elif name == GIT:
            yield [struck(time.time())] if self._kill_git(planned.draw) else []
        elif name == EVERYTHING:
            yield [struck(await p.struck(), p.name) for p in installation.parts.values()]
        elif way == "freeze":
            async with installation.parts[name].frozen() as at:
                yield [struck(at)]
        else:
            # Asked for first: with its disk, a worker may lose its name.
            blow = struck(0.0)
            clean = partial(installation.lose_disk, name) if "disk" in way else None
            at = await installation.parts[name].struck(down=lasts, before_start=clean)
            yield [replace(blow, at=at, until=at + lasts)]

    def _some_worker(self, draw: int) -> str:
        up = [name for name in WORKERS if self._installation.parts[name].pid] or WORKERS
        return up[draw % len(up)]

    def _trouble(self, network: str, way: Way) -> AbstractContextManager[None]:
        line = self._outside.git if network == "git" else self._outside.registry
        return line.cut() if way == "cut" else line.silent()

    def _kill_git(self, draw: int) -> bool:
        """Kill one process of git that a worker has started; False when none runs."""
        workers = [self._installation.parts[name].pid for name in WORKERS]
        pids = [pid for worker in workers for pid in _children(worker)]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(pids[draw % len(pids)], signal.SIGKILL)
        return bool(pids)

    @asynccontextmanager
    async def _moment(self, moment: Moment, patience: float) -> AsyncIterator[tuple[str, bool]]:
        """Until it has come: which worker is in it ("": any), and whether it came in time."""
        if moment.kind == "any":
            yield "", True
        elif moment.kind == "git asks":
            async with self._held(moment, patience) as came:
                yield self._process_of(self._latest_at_git()) if came else "", came
        else:
            entry = await self._installation.journal.next(_wanted(moment), seconds=patience)
            yield self._process_of(entry.worker) if entry else "", entry is not None

    @asynccontextmanager
    async def _held(self, moment: Moment, patience: float) -> AsyncIterator[bool]:
        when = cast(Literal["greeting", "before", "after"], moment.when)
        hold = self._outside.turnstile.hold(cast(Service, moment.uses), when)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await hold.reached.wait()
            yield hold.reached.is_set()
        finally:
            hold.released.set()

    def _latest_at_git(self) -> str:
        """The worker whose step asked the git server last, as far as the journal tells."""
        entries = reversed(self._installation.journal.entries)
        at_git = (e.worker for e in entries if e.claimed and e.uses in {"git-clone", "git-push"})
        return next(at_git, "")

    def _process_of(self, worker: str) -> str:
        known = {self._installation.worker_id(name): name for name in WORKERS}
        return known.get(worker, "")


def _wanted(moment: Moment) -> Callable[[Entry], bool]:
    def wanted(entry: Entry) -> bool:
        if moment.kind == "a Promotion":
            return not entry.path and entry.became == moment.uses
        happened = entry.claimed if moment.kind == "a step began" else entry.ended
        return happened and entry.uses == moment.uses

    return wanted


async def _last(seconds: float, stack: AsyncExitStack) -> None:
    async with stack:
        await asyncio.sleep(seconds)


def _children(pid: int) -> list[int]:
    """What it has started; for 0, which is nobody, nothing."""
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
