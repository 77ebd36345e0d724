"""Bearer tokens: fetched once for all who wait, kept as long as they last.

https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from ferryman.clients.registry.basic import basic
from ferryman.clients.registry.challenge import Challenge
from ferryman.clients.registry.connections import Answer, Connections
from ferryman.clients.registry.failures import PassingError, refused
from ferryman.clients.registry.hosts import is_loopback
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place, may_carry
from ferryman.clients.registry.recently_used import RecentlyUsed
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import Credential

_REMEMBERED = 4096
_LONGEST_ANSWER = 256 * 1024
_DEFAULT_LIFETIME = 60.0
_LARGEST_MARGIN = 30.0
_TOKEN = re.compile(r"[\x21-\x7e]+")

_Key = tuple[httpx.URL, Credential | None]


@dataclass(slots=True)
class _Token:
    """A token, once it was fetched; `lock` lets many wait for one fetch."""

    header: str = ""
    expires: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Tokens:
    """Fetches tokens from the servers that registries name, and keeps them."""

    def __init__(
        self,
        connections: Connections,
        options: RegistryOptions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = connections
        self._options = options
        self._clock = clock
        self._tokens = RecentlyUsed[_Key, _Token](_REMEMBERED)

    async def header(self, place: Place, challenge: Challenge, refused_header: str | None) -> str:
        """Return an Authorization header for `challenge`, other than `refused_header`.

        Raises CredentialError if the token server refuses the credential, PermanentError if
        it is not one to be trusted with it, and the errors of `Connections.send`.
        """
        url = self._url(place, challenge)
        token = self._tokens.get((url, place.credential)) or _Token()
        self._tokens.put((url, place.credential), token)
        async with token.lock:
            if token.header in {"", refused_header} or token.expires <= self._clock():
                token.header, lifetime = await self._fetch(place, url)
                token.expires = self._clock() + lifetime
            return token.header

    async def _fetch(self, place: Place, url: httpx.URL) -> tuple[str, float]:
        headers = {"Authorization": basic(place.credential)} if place.credential else {}
        answer = await self._connections.send(place, "GET", url, headers, limit=_LONGEST_ANSWER)
        if answer.status in {401, 403}:
            raise refused(place, answer.status, answer.content)
        if answer.status != httpx.codes.OK:
            raise PassingError(f"{answer.what} was answered with {answer.status} and no token")
        return _read(answer)

    def _url(self, place: Place, challenge: Challenge) -> httpx.URL:
        parameters = challenge.parameters
        realm = parameters.get("realm", "")
        try:
            url = httpx.URL(realm)
        except httpx.InvalidURL:
            url = httpx.URL("")
        strays = is_loopback(url.host) and not is_loopback(place.endpoint.host)
        if url.scheme not in {"http", "https"} or not url.host or strays:
            raise PermanentError(
                f"{place.server} names no token server that can be used for {place.written}"
            )
        if not may_carry(url, self._options):
            raise PermanentError(
                f"{place.server} wants tokens for {place.written} to be fetched over plain"
                f" HTTP from {url.host}: set registry.allow_credentials_over_http to let it"
            )
        query = {"scope": parameters.get("scope") or f"repository:{place.name}:pull"}
        if service := parameters.get("service"):
            query["service"] = service
        return url.copy_merge_params(query)


def _read(answer: Answer) -> tuple[str, float]:
    """Return the header and the seconds for which it is to be used: a little less than it lasts."""
    try:
        document = json.loads(answer.content)
        token = document.get("token") or document["access_token"]
        lifetime = float(document.get("expires_in") or _DEFAULT_LIFETIME)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        token, lifetime = "", 0.0
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise PassingError(f"{answer.what} was answered without a token")
    return f"Bearer {token}", lifetime - min(_LARGEST_MARGIN, lifetime / 10)
