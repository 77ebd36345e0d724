"""HTTP as all requests to registries have it: kept alive, throttled, bounded, without cookies."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from ferryman.clients.registry.failures import PassingError, is_passing, passing
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.place import Place
from ferryman.clients.registry.throttle import Throttle
from ferryman.domain.errors import PermanentError

_IDLE_CONNECTIONS = 3
"""Of one place to speak: to the registry, to its blob storage, and to its token server."""

_LOOPBACK_PATTERNS = ("all://localhost", "all://127.0.0.1", "all://[::1]")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read to its end; `what` names the request in errors."""

    what: str
    url: httpx.URL
    status: int
    headers: httpx.Headers
    content: bytes


class Connections:
    """Sends single requests; `on_request` sees each just before it goes out."""

    def __init__(
        self, options: RegistryOptions, on_request: Callable[[httpx.Request], None] | None = None
    ) -> None:
        self._options = options
        self._on_request = on_request
        # One for each place to speak: a pool looks through all of its connections four times for
        # each request.
        self._clients: dict[tuple[str, int, bool], httpx.AsyncClient] = {}
        self._throttles: dict[str, Throttle] = {}

    async def send(
        self,
        place: Place,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        *,
        limit: int,
    ) -> Answer:
        """Send one request for `place` and read the answer, of at most `limit` bytes.

        Redirect targets and token servers wait for the turn of the registry that named them.
        Raises PassingError if there was no whole answer, or one that asks to come again later;
        TemporaryError while the registry wants to be left alone; PermanentError for an answer
        that is too large.
        """
        # Without query and user: a redirect's are signatures and passwords.
        what = f"{method} {url.scheme}://{url.netloc.decode()}{url.path}"
        throttle = self._throttle(place.server)
        async with throttle.turn(place.credential) as number:
            client = self._client(place, number)
            request = client.build_request(method, url, headers=headers)
            answer = await self._send(what, client, request, limit)
            if is_passing(answer.status):
                failure = passing(what, answer.status, answer.headers)
                throttle.close_for(failure.retry_after or 0.0, place.credential)
                raise failure
            return answer

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def _send(
        self, what: str, client: httpx.AsyncClient, request: httpx.Request, limit: int
    ) -> Answer:
        try:
            async with asyncio.timeout(self._options.timeout):
                return await _read(what, client, request, limit)
        except TimeoutError:
            raise PassingError(f"{what} took longer than {self._options.timeout:g} s") from None
        except httpx.TimeoutException:
            raise PassingError(f"{what}: no answer came in time") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise PassingError(f"{what} failed: {str(error) or type(error).__name__}") from None

    def _client(self, place: Place, number: int) -> httpx.AsyncClient:
        key = (place.server, number, place.skip_tls_verify)
        if key not in self._clients:
            self._clients[key] = self._new_client(verify=not place.skip_tls_verify)
        return self._clients[key]

    def _new_client(self, *, verify: bool) -> httpx.AsyncClient:
        options = self._options
        return httpx.AsyncClient(
            verify=_tls(verify=verify),
            headers={"User-Agent": "ferryman", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(options.read_timeout, connect=options.connect_timeout, pool=None),
            limits=httpx.Limits(max_keepalive_connections=_IDLE_CONNECTIONS),
            # A session cookie (Harbor sets one) would lend one subscription's rights to another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # Proxies from the environment are for other hosts than this one.
            mounts=dict.fromkeys(_LOOPBACK_PATTERNS),
            event_hooks={"request": [self._observe]},
        )

    async def _observe(self, request: httpx.Request) -> None:
        if self._on_request:
            self._on_request(request)

    def _throttle(self, server: str) -> Throttle:
        if server not in self._throttles:
            self._throttles[server] = Throttle(server, self._options)
        return self._throttles[server]


@cache
def _tls(*, verify: bool) -> ssl.SSLContext:
    """Return how TLS is spoken; made once, since loading all authorities takes 30 ms."""
    return httpx.create_ssl_context(verify=verify)


async def _read(what: str, client: httpx.AsyncClient, request: httpx.Request, limit: int) -> Answer:
    response = await client.send(request, stream=True)
    try:
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > limit:
                raise PermanentError(f"the answer to {what} is larger than {limit} bytes")
    finally:
        await response.aclose()
    return Answer(what, request.url, response.status_code, response.headers, bytes(content))
