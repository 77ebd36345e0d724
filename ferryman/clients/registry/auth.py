"""Answers a registry's challenge with a token or with Basic authentication."""

from __future__ import annotations

import httpx

from ferryman.clients.registry.basic import basic
from ferryman.clients.registry.challenge import Challenge, choose_challenge
from ferryman.clients.registry.connections import Answer
from ferryman.clients.registry.failures import refused
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.recently_used import RecentlyUsed
from ferryman.clients.registry.tokens import Tokens

_REMEMBERED = 4096


class Authoriser:
    """Knows the Authorization header for a place, from the challenges that it has seen."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._challenges = RecentlyUsed[tuple[httpx.URL, str], Challenge](_REMEMBERED)

    async def header(self, place: Place) -> str | None:
        """Return what `place` wanted last time, so that it need not ask again."""
        challenge = self._challenges.get((place.endpoint, place.name))
        return await self._response(place, challenge, refused_header=None)

    async def respond(self, place: Place, refusal: Answer, refused_header: str | None) -> str:
        """Return the header that answers a 401 to a request that carried `refused_header`.

        Raises CredentialError if there is no credential that could, or if the token server
        refuses it, and the errors of `Connections.send`.
        """
        challenge = choose_challenge(refusal.headers.get_list("WWW-Authenticate"))
        header = await self._response(place, challenge, refused_header)
        if challenge is None or header is None:
            raise refused(place, refusal.status, refusal.content)
        self._challenges.put((place.endpoint, place.name), challenge)
        return header

    async def _response(
        self, place: Place, challenge: Challenge | None, refused_header: str | None
    ) -> str | None:
        if challenge is None:
            return None
        if challenge.scheme == "bearer":
            return await self._tokens.header(place, challenge, refused_header)
        return basic(place.credential) if place.credential else None
