"""One question to a cloud: a POST, answered by a JSON document."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from ferryman.domain.errors import InvalidError, TemporaryError
from ferryman.domain.urls import is_loopback

_LONGEST = 256 * 1024
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")


@dataclass(frozen=True)
class Reply:
    """What a cloud answered; `document` is empty where that was no JSON object."""

    status: int
    document: Mapping[str, Any]

    def text(self, field: str) -> str:
        """A field of the document; "" where it is no text."""
        value = self.document.get(field)
        return value if isinstance(value, str) else ""

    def code(self, field: str) -> str:
        """An error's code. No more is repeated: sentences could quote what they were sent."""
        value = self.text(field).rpartition("#")[2]
        return value if _CODE.fullmatch(value) else ""

    def lifetime(self, field: str) -> timedelta:
        """A field that is a number of seconds, a day at most; none where it is no number."""
        value = self.document.get(field)
        return timedelta(seconds=min(max(value, 0), 86_400) if isinstance(value, int) else 0)


class Wire:
    """Asks clouds; follows no redirects, for each request carries a key."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None

    async def post(
        self,
        url: str,
        *,
        content: bytes = b"",
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer; raises TemporaryError for none, and for one that is no refusal."""
        asked = httpx.URL(url)
        if asked.scheme != "https" and not is_loopback(url):
            raise InvalidError(f"no key is sent to {asked.host} over plain http; use https")
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._timeout)
        request = self._client.build_request(
            "POST",
            asked,
            headers=headers,
            **({"data": dict(form)} if form is not None else {"content": content}),
        )
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.send(request, stream=True)
                try:
                    return _reply(asked.host, response, await _content(response))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError) as error:
            what = str(error) or "no answer came in time"
            raise TemporaryError(
                f"{asked.host} gave no token: {what}; check the worker's network and its proxies"
            ) from None

    async def aclose(self) -> None:
        """Close connections."""
        if self._client:
            await self._client.aclose()


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _LONGEST:
            return b""
    return bytes(content)


def _reply(host: str, response: httpx.Response, content: bytes) -> Reply:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        named = response.headers.get("Retry-After", "")
        pause = min(int(named), 3600) if named.isdecimal() else 10
        raise TemporaryError(
            f"{host} gives no token now: it answered {status}", delay=timedelta(seconds=pause)
        )
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = {}
    return Reply(status, document if isinstance(document, dict) else {})
