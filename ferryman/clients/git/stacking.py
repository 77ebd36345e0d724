"""What several promotions want to push to one branch, put on top of one another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from ferryman.clients.git.grafting import graft_all, grafts
from ferryman.clients.git.integration import Integration
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.push import pushed_before
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import Fence, Pushed


@dataclass(slots=True, eq=False)
class Request:
    """The commits of one promotion, which wait to be pushed."""

    head: str
    hold: str
    """The private ref that keeps what becomes of `head`."""
    trailer: tuple[str, str]
    max_attempts: int
    before: Fence
    signing_key: str
    answer: asyncio.Future[Pushed]
    attempts: int = 0
    """How often others were faster, though we had looked."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for its answer."""
        return not self.answer.done()

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits."""
        if self.is_open:
            self.answer.set_exception(error)


@dataclass(frozen=True, slots=True)
class Layer:
    """A request that has its place in a stack."""

    request: Request
    commit: str
    notes: Sequence[str] = ()
    is_new: bool = True
    """It has a commit that was not there before."""


@dataclass(slots=True)
class Stack:
    """Requests on top of one another, and what became of those that have no place there."""

    base: str | None
    """Where the branch stands; None: there is none yet."""
    layers: list[Layer] = field(default_factory=list)
    conflicts: list[tuple[Request, PermanentError]] = field(default_factory=list)
    """Those that the base itself does not let in."""
    later: list[Request] = field(default_factory=list)
    """Those that conflict with one below them, of which nobody knows yet whether it arrives."""

    @property
    def top(self) -> str | None:
        """What is to be pushed."""
        return next((it.commit for it in reversed(self.layers) if it.is_new), self.base)

    @property
    def is_plain(self) -> bool:
        """Whether nothing hangs on the base being where the branch stands at this moment."""
        return not self.conflicts and all(layer.is_new for layer in self.layers)


async def stack(mirror: Mirror, base: str | None, requests: Sequence[Request]) -> Stack:
    """Put the requests on top of `base`: first those that need no merge, each in their order."""
    made = Stack(base)
    if base and mirror.commands.options.integration != "AlwaysMerge":
        made.layers += await _grafted(mirror, base, requests)
    placed = {layer.request for layer in made.layers}
    for request in (it for it in requests if it not in placed):
        try:
            made.layers.append(await _layer(mirror, made, request))
        except PermanentError as error:
            if made.top == base:
                made.conflicts.append((request, error))
            else:
                made.later.append(request)
    return made


async def _grafted(mirror: Mirror, base: str, requests: Sequence[Request]) -> list[Layer]:
    found = await grafts(mirror, base, [(it.head, it.trailer) for it in requests])
    of = {request.head: request for request in requests}
    made = await graft_all(mirror, base, found)
    return [Layer(of[it.commit], new) for it, new in zip(found, made, strict=True)]


async def _layer(mirror: Mirror, below: Stack, request: Request) -> Layer:
    base, top = below.base, below.top
    if base and (found := await pushed_before(mirror, request.head, base, request.trailer)):
        return Layer(request, found, is_new=False)
    if top is None:
        return Layer(request, request.head)
    integration = Integration(mirror, request.trailer, request.signing_key)
    joined = await integration.onto(request.head, top)
    return Layer(request, joined.commit, joined.notes, is_new=joined.commit != top)
