"""One question to a registry, from challenge to redirect to another try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from ferryman.clients.registry.auth import Authoriser
from ferryman.clients.registry.connections import Answer, Connections
from ferryman.clients.registry.failures import PassingError, code_of, refused
from ferryman.clients.registry.hosts import is_loopback, same_server
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.tokens import Tokens
from ferryman.domain.errors import PermanentError

_MOST_REDIRECTS = 5
_REFUSALS = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Question:
    """A request to the registry of `place`; its answer may have `limit` bytes.

    With an `etag`, the answer may be 304: what has it is still what there is.
    """

    place: Place
    method: str
    url: httpx.URL
    limit: int
    accept: tuple[str, ...] = ()
    etag: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What it asks for."""
        condition = {"If-None-Match": self.etag} if self.etag else {}
        return {"Accept": ", ".join(self.accept) or "*/*", **condition}


class Wire:
    """Asks registries questions."""

    def __init__(
        self, options: RegistryOptions, on_request: Callable[[httpx.Request], None] | None = None
    ) -> None:
        self._connections = Connections(options, on_request)
        self._authoriser = Authoriser(Tokens(self._connections, options))
        self._options = options

    async def ask(self, question: Question, read: Callable[[Answer], Meaning]) -> Meaning | None:
        """Return what `read` makes of the answer; None for 404.

        A passing failure, of the exchange or raised by `read` as PassingError, is tried again a
        few times. Raises CredentialError for a refusal, TemporaryError for a failure that
        lasts, PermanentError for one that will.
        """
        pause = self._options.first_pause
        for _ in range(self._options.attempts - 1):
            try:
                return await self._ask_once(question, read)
            except PassingError as failure:
                # A registry that named its own pause gets it from the throttle.
                await asyncio.sleep(0 if failure.retry_after else pause)
                pause *= 2
        return await self._ask_once(question, read)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._connections.aclose()

    async def _ask_once(
        self, question: Question, read: Callable[[Answer], Meaning]
    ) -> Meaning | None:
        place = question.place
        header = await self._authoriser.header(place)
        answer = await self._follow(question, header)
        if answer.status == httpx.codes.UNAUTHORIZED:
            header = await self._authoriser.respond(place, answer, header)
            answer = await self._follow(question, header)
        if answer.status in _REFUSALS:
            raise refused(place, answer.status, answer.content)
        if answer.status == httpx.codes.NOT_FOUND:
            return None
        if answer.status != httpx.codes.OK and not _is_unchanged(question, answer):
            status = f"{answer.status}{code_of(answer.content)}"
            raise PermanentError(f"{answer.what} was answered with {status}")
        return read(answer)

    async def _follow(self, question: Question, authorization: str | None) -> Answer:
        """Send the question, and again where redirects lead: to the registry's blob storage."""
        url = question.url
        for _ in range(_MOST_REDIRECTS + 1):
            at_home = same_server(url, question.place.endpoint)
            headers = question.headers
            if authorization and at_home:
                headers["Authorization"] = authorization
            answer = await self._connections.send(
                question.place, question.method, url, headers, limit=question.limit
            )
            if answer.status in _REFUSALS and not at_home:
                raise PassingError(f"{answer.what}, a redirect's target, answered {answer.status}")
            if not (answer.status in range(300, 400) and "Location" in answer.headers):
                return answer
            url = _redirected(answer)
        raise PermanentError(f"{answer.what}: more than {_MOST_REDIRECTS} redirects")


def _is_unchanged(question: Question, answer: Answer) -> bool:
    return bool(question.etag) and answer.status == httpx.codes.NOT_MODIFIED


def _redirected(answer: Answer) -> httpx.URL:
    try:
        target = answer.url.join(answer.headers["Location"])
    except httpx.InvalidURL:
        target = httpx.URL("")
    downgrade = answer.url.scheme == "https" and target.scheme != "https"
    strays = is_loopback(target.host) and not is_loopback(answer.url.host)
    if target.scheme not in {"http", "https"} or not target.host or downgrade or strays:
        raise PermanentError(f"{answer.what} was redirected where we do not follow")
    return target
