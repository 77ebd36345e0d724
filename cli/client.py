"""The API as the commands see it: plain data and the server's time, or a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, Self

import httpx

from cli.config import Login, current
from cli.failures import CommandError, UnreachableError, UsageError

VERSION = version("ferryman")
VERSION_HEADER = "Ferryman-Version"
_TIMEOUT = 30.0
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_MISMATCH = {404, 405}

Parameters = Mapping[str, str | int | bool]


@dataclass(frozen=True)
class Answer:
    """What the server said, and when by its own clock."""

    data: Any
    now: datetime
    status: int = 200


class Client:
    """Asks one server; every failure is a CommandError that says what to do."""

    def __init__(self, login: Login) -> None:
        if not login.api_address:
            raise UsageError(
                "no server is known: start one here with `ferryman server`, "
                "or log in to one with `ferryman login ADDRESS`"
            )
        self._address = login.api_address.rstrip("/")
        url = _url(self._address)
        token = login.bearer_token
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT,
            # Reading every authority that this machine trusts takes 20 ms.
            verify=url.scheme == "https",
            # A proxy cannot reach what listens on this machine only.
            trust_env=url.host not in LOOPBACK,
        )

    def __enter__(self) -> Self:
        """Connects when first asked."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._http.close()

    def get(self, path: str, parameters: Parameters | None = None) -> Answer:
        """Read."""
        return self.send("GET", path, parameters)

    def send(
        self,
        method: str,
        path: str,
        parameters: Parameters | None = None,
        *,
        body: Any = None,
        media_type: str = "application/json",
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Do something; the statuses in `accept` are answers, although they are errors."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": media_type} if content is not None else {}
        with self._explained():
            answer = self._http.request(
                method, path, params=parameters, content=content, headers=headers
            )
        if not answer.is_success and answer.status_code not in accept:
            raise self._refusal(answer)
        return Answer(self._data(answer), _server_time(answer), answer.status_code)

    def watch(self, path: str, parameters: Parameters) -> Iterator[tuple[str, Any, datetime]]:
        """Each change as it happens: what it is, the object, and the server's time."""
        asked = {**parameters, "watch": "true"}
        timeout = httpx.Timeout(_TIMEOUT, read=60.0)  # the server is never silent for so long
        with (
            self._explained(),
            self._http.stream("GET", path, params=asked, timeout=timeout) as answer,
        ):
            if not answer.is_success:
                answer.read()
                raise self._refusal(answer)
            began, started = _server_time(answer), datetime.now(UTC)
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    told = json.loads(line.removeprefix("data:"))
                    yield told["type"], told["object"], began + (datetime.now(UTC) - started)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException:
            raise UnreachableError(
                f"the server at {self._address} is silent: is it overloaded, or is a firewall "
                "between you?"
            ) from None
        except httpx.TransportError as error:
            raise UnreachableError(
                f"the server at {self._address} does not answer ({error}): start it with "
                "`ferryman server`, or log in to another with `ferryman login ADDRESS`"
            ) from None

    def _refusal(self, answer: httpx.Response) -> CommandError:
        told = self._data(answer)
        sentence = str(told.get("error", "")) if isinstance(told, dict) else ""
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            return CommandError(
                f"the server at {self._address} does not accept this login: {sentence}; "
                f"`ferryman login {self._address}` takes a current token"
            )
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return UnreachableError(f"{sentence}; try again in a moment")
        theirs = answer.headers.get(VERSION_HEADER, "")
        if answer.status_code in _MISMATCH and theirs != VERSION:
            sentence += f"; the server is {theirs} and this command {VERSION}, which may be why"
        return CommandError(sentence or f"the server answered {answer.status_code}")

    def _data(self, answer: httpx.Response) -> Any:
        """Its JSON; None where there is none. Raises CommandError for what is not ours."""
        if VERSION_HEADER not in answer.headers:
            if answer.is_server_error:  # a gateway, or a server that is being stopped
                raise UnreachableError(
                    f"the server at {self._address} cannot be reached (HTTP {answer.status_code}): "
                    "is it running?"
                )
            raise CommandError(
                f"what answers at {self._address} is no Ferryman server "
                f"(HTTP {answer.status_code}): is the address right?"
            )
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError:
            raise CommandError(
                f"the server at {self._address} answered what is not JSON: see its log"
            ) from None


def connect() -> Client:
    """A client for the current login."""
    return Client(current())


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise UsageError(f"{address!r} is no address of a server; those read http://127.0.0.1:8080")
    return url


def _server_time(answer: httpx.Response) -> datetime:
    """The server's clock, by which ages are told; ours where it does not say."""
    said = answer.headers.get("Date", "")
    try:
        return parsedate_to_datetime(said).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
