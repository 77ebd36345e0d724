"""Downloads an index.yaml: by conditional request, bounded, and again where a failure may pass."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from ferryman.clients.charts.options import ChartOptions
from ferryman.domain.errors import (
    CredentialError,
    InvalidError,
    NotFoundError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.ports import ChartRepository, Credential
from ferryman.domain.urls import is_loopback, without_userinfo

_MOST_REDIRECTS = 5
_LONGEST_RETRY_AFTER = 3600
_LOOPBACK = dict.fromkeys(("all://localhost", "all://127.0.0.1", "all://[::1]"))
_REFUSALS = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
_PASSING = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY, httpx.codes.TOO_MANY_REQUESTS}


@dataclass(frozen=True)
class Validators:
    """By what a server recognises the index that we have (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Downloaded:
    """An index that is new to us; `source` names it in errors."""

    source: str
    content: bytes
    validators: Validators


class Downloads:
    """Fetches indexes; `on_request` sees each request just before it goes out."""

    def __init__(
        self, options: ChartOptions, on_request: Callable[[httpx.Request], None] | None = None
    ) -> None:
        self._options = options
        self._on_request = on_request
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(options.connections_per_host)
        )

    async def get(self, repository: ChartRepository, known: Validators) -> Downloaded | None:
        """Return the repository's index; None if it is still the one that is known.

        Raises TemporaryError where it cannot be had now, CredentialError where we may not read
        it, NotFoundError where there is none, PermanentError where it is too large.
        """
        pause = self._options.first_pause
        for _ in range(self._options.attempts - 1):
            try:
                return await self._once(repository, known)
            except _PassingError as failure:
                if failure.delay > timedelta(seconds=pause):
                    raise  # it named a pause: longer than a worker should be held up
                await asyncio.sleep(pause)
                pause *= 2
        return await self._once(repository, known)

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def _once(self, repository: ChartRepository, known: Validators) -> Downloaded | None:
        client = self._client(verify=not repository.insecure_skip_tls_verify)
        request = client.build_request(
            "GET", _index_url(repository), headers=known.headers | self._authorization(repository)
        )
        what = f"GET {without_userinfo(str(request.url.copy_with(query=None)))}"
        async with self._slots[request.url.netloc.decode()]:
            try:
                async with asyncio.timeout(self._options.timeout):
                    return await self._exchange(client, request, repository, what)
            except TimeoutError:
                took = f"took longer than {self._options.timeout:g} s"
                raise _PassingError(f"{what} {took}") from None
            except httpx.TimeoutException:
                raise _PassingError(f"{what}: no answer came in time") from None
            except (httpx.TransportError, httpx.DecodingError) as error:
                says = str(error) or type(error).__name__
                raise _PassingError(f"{what} failed: {says}") from None

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        request: httpx.Request,
        repository: ChartRepository,
        what: str,
    ) -> Downloaded | None:
        """Send a request, and again where redirects lead."""
        for _ in range(_MOST_REDIRECTS + 1):
            response = await client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return await self._read(response, repository, what)
                _check_redirect(request.url, response.next_request.url, what)
                request = response.next_request
            finally:
                await response.aclose()
        raise PermanentError(f"{what}: more than {_MOST_REDIRECTS} redirects")

    async def _read(
        self, response: httpx.Response, repository: ChartRepository, what: str
    ) -> Downloaded | None:
        status = response.status_code
        if status == httpx.codes.NOT_MODIFIED:
            return None
        if status in _REFUSALS:
            raise CredentialError(_refusal(repository, status), url=repository.url)
        if status == httpx.codes.NOT_FOUND:
            raise NotFoundError(
                f"{what} was answered with 404: there is no chart repository; correct repoURL"
            )
        if status in _PASSING or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _PassingError(f"{what} was answered with {status}", _retry_after(response))
        if status != httpx.codes.OK:
            raise PermanentError(f"{what} was answered with {status}")
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > self._options.max_index_bytes:
                most = self._options.max_index_bytes
                raise PermanentError(f"the answer to {what} is larger than {most} bytes")
        headers = response.headers
        validators = Validators(headers.get("ETag", ""), headers.get("Last-Modified", ""))
        return Downloaded(what.removeprefix("GET "), bytes(content), validators)

    def _authorization(self, repository: ChartRepository) -> dict[str, str]:
        credential = repository.credential
        if credential is None:
            return {}
        plain = repository.url.startswith("http://") and not is_loopback(repository.url)
        if plain and not self._options.allow_credentials_over_http:
            raise InvalidError(
                f"credentials are not sent to {repository.url} over plain http; use https, or "
                "allow it with the setting registry.allow_credentials_over_http",
                field="repoURL",
            )
        return {"Authorization": _basic(credential)}

    def _client(self, *, verify: bool) -> httpx.AsyncClient:
        if verify not in self._clients:
            options = self._options
            self._clients[verify] = httpx.AsyncClient(
                verify=_tls(verify=verify),
                headers={"User-Agent": "ferryman"},
                timeout=httpx.Timeout(
                    options.read_timeout, connect=options.connect_timeout, pool=None
                ),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                # Proxies from the environment are for other hosts than this one.
                mounts=_LOOPBACK,
                event_hooks={"request": [self._observe]},
            )
        return self._clients[verify]

    async def _observe(self, request: httpx.Request) -> None:
        if self._on_request:
            self._on_request(request)


class _PassingError(TemporaryError):
    """One exchange failed in a way that is worth another try."""

    def __init__(self, message: str, delay: timedelta = timedelta()) -> None:
        super().__init__(message, delay=delay)


@cache
def _tls(*, verify: bool) -> ssl.SSLContext:
    return httpx.create_ssl_context(verify=verify)


def _index_url(repository: ChartRepository) -> httpx.URL:
    try:
        url = httpx.URL(repository.url)
    except httpx.InvalidURL as error:
        raise InvalidError(f"{repository.url!r} is not a URL: {error}", field="repoURL") from None
    return url.copy_with(path=f"{url.path.rstrip('/')}/index.yaml", userinfo=b"")


def _basic(credential: Credential) -> str:
    pair = f"{credential.username}:{credential.password}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _check_redirect(url: httpx.URL, target: httpx.URL, what: str) -> None:
    downgrade = url.scheme == "https" and target.scheme != "https"
    strays = is_loopback(str(target)) and not is_loopback(str(url))
    if downgrade or strays or target.scheme not in {"http", "https"}:
        raise PermanentError(f"{what} was redirected where we do not follow")


def _refusal(repository: ChartRepository, status: int) -> str:
    secret = (
        "the credential was refused, or may not read it: correct username and password in the"
        f" Secret whose repoURL is {repository.url}"
        if repository.credential
        else "apply a Secret with the label kargo.akuity.io/cred-type: helm and"
        f" repoURL: {repository.url}, username and password"
    )
    return f"chart repository {repository.url} answered {status}; {secret}"


def _retry_after(response: httpx.Response) -> timedelta:
    """How long the server wants to be left alone, as far as it says so in seconds."""
    value = response.headers.get("Retry-After", "").strip()
    seconds = int(value) if value.isdecimal() else 0
    return timedelta(seconds=min(seconds, _LONGEST_RETRY_AFTER))
