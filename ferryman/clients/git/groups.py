"""Pushes of one process to one branch, one group after the other.

Those that come while a push is under way wait, and go together in the next one: each is its own
promotion's commit, on top of the one before. What one of them does wrong befalls that one alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.patience import pauses
from ferryman.clients.git.push import LONGEST_PAUSE, Sent, moved_on, send
from ferryman.clients.git.refs import branch_ref
from ferryman.clients.git.rejections import RefusedError
from ferryman.clients.git.stacking import Request, Stack, stack
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import Fence, GitRemote, Pushed

_Key = tuple[Path, GitRemote, str]
"""A mirror, as whom its remote is spoken to, and a branch."""

_MOST = 64
"""Pushes that go together: the more, the longer somebody else has to be faster."""

_AT_ONCE = 8
"""Branches that are pushed to at the same time."""


class Groups:
    """All pushes that are not by force."""

    def __init__(self, *, together: bool) -> None:
        self._most = _MOST if together else 1
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._queues: dict[_Key, _Queue] = {}
        self._running: dict[_Key, asyncio.Task[None]] = {}

    async def push(
        self,
        mirror: Mirror,
        remote: GitRemote,
        head: str,
        *,
        hold: str,
        branch: str,
        trailer: tuple[str, str],
        max_attempts: int,
        before: Fence,
        signing_key: str = "",
    ) -> Pushed:
        """Put `head` on a branch of the remote, on top of what others have pushed there.

        The ref `hold` then keeps the commit that it has become. `before` is asked just before each
        push. Who is cancelled while waiting is left out.
        """
        answer: asyncio.Future[Pushed] = asyncio.get_running_loop().create_future()
        request = Request(head, hold, trailer, max_attempts, before, signing_key, answer)
        key = (mirror.path, remote, branch)
        if key not in self._queues:
            self._queues[key] = _Queue(mirror, remote, branch, self._most, self._room)
            self._running[key] = asyncio.create_task(self._run(key))
        return await self._queues[key].push(request)

    async def _run(self, key: _Key) -> None:
        try:
            await self._queues[key].run()
        finally:  # whoever comes from now on gets a queue of its own
            del self._queues[key], self._running[key]


class _Queue:
    """Those who wait to push to one branch, and those whose push is under way."""

    def __init__(
        self, mirror: Mirror, remote: GitRemote, branch: str, most: int, room: asyncio.Semaphore
    ) -> None:
        self._mirror = mirror
        self._remote = remote
        self._branch = branch
        self._most = most
        self._room = room
        self._waiting: list[Request] = []
        self._under_way: list[Request] = []
        self._work: asyncio.Task[None] | None = None
        self._waits = self._fresh_waits()
        self._pause = 0.0
        self._look = False
        """Whether our mirror may be behind the remote, and is to be fetched into first."""
        self._moved_from: str | None = None
        """Where we saw the branch before a push of which git said that the branch was elsewhere."""

    async def push(self, request: Request) -> Pushed:
        """Wait for the request's turn, and for its answer."""
        self._waiting.append(request)
        try:
            return await request.answer
        except asyncio.CancelledError:
            if request in self._under_way:
                await self._end_for_nobody()
            raise

    async def run(self) -> None:
        """Push until nobody waits any more."""
        while self._waiting:
            async with self._room:
                await self._turn(self._next())
            await asyncio.sleep(self._pause)
            self._pause = 0.0

    async def _turn(self, requests: list[Request]) -> None:
        self._under_way = requests
        self._work = asyncio.create_task(self._together(requests))
        await asyncio.wait([self._work])
        if not self._work.cancelled() and (error := self._work.exception()):
            for request in requests:
                request.fail(error)
        self._under_way = []

    def _next(self) -> list[Request]:
        waiting = [request for request in self._waiting if request.is_open]
        self._waiting = waiting[self._most :]
        return waiting[: self._most]

    async def _end_for_nobody(self) -> None:
        """End what is under way, if nobody waits for it: its git is gone when this returns."""
        if self._work and not any(request.is_open for request in self._under_way):
            self._work.cancel()
            await asyncio.wait([self._work])

    async def _together(self, requests: Sequence[Request]) -> None:
        """Push once for all of these; where the remote refuses, find out because of whom."""
        made, looked = await self._allowed(requests)
        try:
            sent = await self._send(made)
        except RefusedError as error:
            await self._halve(made, error)
            return
        if sent is Sent.MOVED:
            self._again(made, looked=looked)
            return
        self._waits = self._fresh_waits()
        await self._keep(made)
        for layer in made.layers:
            if layer.request.is_open:
                already = sent is Sent.UP_TO_DATE or not layer.is_new
                pushed = Pushed(layer.commit, self._branch, already=already, notes=layer.notes)
                layer.request.answer.set_result(pushed)

    async def _allowed(self, requests: Sequence[Request]) -> tuple[Stack, bool]:
        """Stack those that still may push, asked just now; and whether we looked at the remote."""
        while True:
            made, looked = await self._stacked([it for it in requests if it.is_open])
            asked = [layer.request for layer in made.layers if layer.is_new]
            refusals = await asyncio.gather(*(it.before() for it in asked), return_exceptions=True)
            for request, refusal in zip(asked, refusals, strict=True):
                if refusal is not None:
                    request.fail(refusal)
            if all(request.is_open for request in asked):
                return made, looked
            requests = [layer.request for layer in made.layers]

    async def _stacked(self, requests: Sequence[Request]) -> tuple[Stack, bool]:
        """Stack what can be pushed now; nothing is judged by a branch that may have moved on."""
        looked = self._look
        made = await stack(self._mirror, await self._base(), requests)
        if not looked and not made.is_plain:
            self._look = looked = True
            made = await stack(self._mirror, await self._base(), requests)
        for request, error in made.conflicts:
            request.fail(error)
        self._waiting[:0] = made.later
        return made, looked

    async def _base(self) -> str | None:
        if not self._look:
            return await self._mirror.known_branch(self._branch)
        base = await self._mirror.branch(self._remote, self._branch)
        self._look = False
        if base and base == self._moved_from:  # without its history, git cannot tell
            await self._mirror.check()
        return base

    async def _send(self, made: Stack) -> Sent:
        if made.top is None or made.top == made.base:
            return Sent.UP_TO_DATE
        return await send(self._mirror, self._remote, made.top, branch_ref(self._branch))

    async def _keep(self, made: Stack) -> None:
        """Note where the branch is now, and hold the commits for those who wait."""
        refs = {it.request.hold: it.commit for it in made.layers if it.request.is_open}
        if made.top and made.top != made.base:
            refs[branch_ref(self._branch)] = made.top
        with suppress(TemporaryError):  # they are on the remote, from where they can be fetched
            await self._mirror.put_all(refs)

    async def _halve(self, made: Stack, error: RefusedError) -> None:
        """Push one half, then the other: who is refused alone is the one that is meant."""
        requests = [layer.request for layer in made.layers if layer.is_new]
        self._waiting[:0] = [layer.request for layer in made.layers if not layer.is_new]
        if len(requests) == 1:
            requests[0].fail(error)
            return
        middle = len(requests) // 2
        for half in (requests[:middle], requests[middle:]):
            await self._together(half)

    def _again(self, made: Stack, *, looked: bool) -> None:
        """Somebody else was faster: let these wait for the next time, the first of all."""
        self._look = True
        self._moved_from = made.base if looked else None
        for layer in made.layers:
            request = layer.request
            request.attempts += looked
            if request.attempts >= request.max_attempts:
                request.fail(moved_on(self._remote, self._branch, request.attempts))
        self._waiting[:0] = [layer.request for layer in made.layers]
        if looked and any(request.is_open for request in self._waiting):
            self._pause = next(self._waits)

    def _fresh_waits(self) -> Iterator[float]:
        first = self._mirror.commands.options.retry_pause
        return pauses(first, factor=1.5, longest=LONGEST_PAUSE)
