"""Asks an HTTP endpoint: question in the body of a POST, answer in that of its response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import httpx

from ferryman.domain.errors import (
    CredentialError,
    FerrymanError,
    InvalidError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.generic import MAX_ANSWER
from ferryman.domain.subscription_kind import Endpoint
from ferryman.domain.urls import is_loopback

_LATER = {408, 425, 429}
_LONGEST_RETRY_AFTER = 3600


class Endpoints:
    """Asks endpoints; follows no redirects, for a request may carry a secret."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def post(
        self, endpoint: Endpoint, question: bytes, seconds: float, headers: Mapping[str, str]
    ) -> bytes:
        """Return the body, if it comes in time; raises as `SubscriptionSources.ask` does."""
        url = endpoint.url
        secret = any(header.secret for header in endpoint.headers)
        if secret and not (url.startswith("https://") or is_loopback(url)):
            raise InvalidError(f"no secret is sent to {url} over plain http; use https")
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=None)  # noqa: S113 - there is one around it
        request = self._client.build_request(
            "POST",
            url,
            content=question,
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.send(request, stream=True)
                try:
                    return await _read(response, url)
                finally:
                    await response.aclose()
        except TimeoutError:
            raise TemporaryError(f"{url} did not answer within {seconds:g} s") from None
        except httpx.HTTPError as error:
            what = str(error) or type(error).__name__
            raise TemporaryError(f"{url} gave no answer: {what}") from None

    async def aclose(self) -> None:
        """Close connections."""
        if self._client:
            await self._client.aclose()


async def _read(response: httpx.Response, url: str) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise _failure(response, url)
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER:
            raise PermanentError(f"{url} answered with more than {MAX_ANSWER} bytes")
    return bytes(content)


def _failure(response: httpx.Response, url: str) -> FerrymanError:
    """The error for a status; no word of the answer is repeated, which could quote a header."""
    status = response.status_code
    message = f"{url} answered {status}"
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return CredentialError(f"{message}; correct the Secret of its headers", url=url)
    if status in _LATER or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        named = response.headers.get("Retry-After", "")
        pause = min(int(named), _LONGEST_RETRY_AFTER) if named.isdecimal() else 10
        return TemporaryError(message, delay=timedelta(seconds=pause))
    return PermanentError(message)
