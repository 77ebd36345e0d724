"""Installation tokens: asked for once, for one repository only, and kept until they expire."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from ferryman.clients.github_app.jwt import app_jwt
from ferryman.clients.github_app.place import Place, place_of
from ferryman.domain.errors import CredentialError, FerrymanError, TemporaryError
from ferryman.domain.ports import GitHubApp
from ferryman.domain.urls import without_userinfo
from ferryman.kept_tokens import KeptTokens

_TIMEOUT = 30.0


class _Answer(BaseModel):
    token: str = Field(repr=False)
    expires: AwareDatetime = Field(validation_alias="expires_at")


@dataclass
class AppTokens:
    """Implements the port `InstallationTokens`."""

    ca_file: Path | None = None
    """PEM file of authorities that are trusted beside the usual ones."""
    allow_http: bool = False
    """Whether tokens may be asked for over plain HTTP from other hosts than this one."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _kept: KeptTokens[_Answer] = field(init=False, repr=False)
    _client: httpx.AsyncClient | None = None

    def __post_init__(self) -> None:
        self._kept = KeptTokens(self.clock)

    async def token(self, app: GitHubApp, url: str) -> str:
        """Return a token that may do in the repository at `url` what the installation may.

        Raises `InvalidError` for a URL that is not GitHub's, `CredentialError` where GitHub
        refuses the App, `TemporaryError` while it does not answer.
        """
        place = place_of(url, allow_http=self.allow_http)
        secret = hashlib.sha256(app.private_key.encode()).hexdigest()
        key = (app.client_id, app.installation_id, secret, place)
        kept = await self._kept.get(key, lambda: self._ask(app, place, without_userinfo(url)))
        return kept.token

    async def aclose(self) -> None:
        """Close connections."""
        await self._kept.aclose()
        if self._client:
            await self._client.aclose()

    async def _ask(self, app: GitHubApp, place: Place, url: str) -> _Answer:
        try:
            jwt = app_jwt(app, self.clock())
        except ValueError as error:
            raise CredentialError(
                f"the githubAppPrivateKey for {url} cannot be used: {error}; apply the Secret with "
                "the key that GitHub gave (the promotion waits for it)",
                url=url,
            ) from None
        answer = await self._post(app, place, jwt, url)
        if answer.status_code != httpx.codes.CREATED:
            raise _refusal(answer, app, place, url)
        try:
            return _Answer.model_validate_json(answer.content)
        except ValidationError:
            raise TemporaryError(
                f"{place.api} answered without a token for {url} (tried again by itself)"
            ) from None

    async def _post(self, app: GitHubApp, place: Place, jwt: str, url: str) -> httpx.Response:
        try:
            return await self._connected().post(
                f"{place.api}/app/installations/{app.installation_id}/access_tokens",
                json={"repositories": [place.repository]},
                headers={
                    "Authorization": f"Bearer {jwt}",
                    "Accept": "application/vnd.github+json",
                    "X-GitHub-Api-Version": "2022-11-28",
                },
            )
        except httpx.HTTPError as error:
            what = str(error) or type(error).__name__
            raise TemporaryError(
                f"{place.api} gave no token for {url}: {what}; check the worker's network, its "
                "proxies, and FERRYMAN_GIT__CA_FILE (tried again by itself)"
            ) from None

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            trusted = httpx.create_ssl_context()
            if self.ca_file:
                trusted.load_verify_locations(self.ca_file)
            self._client = httpx.AsyncClient(verify=trusted, timeout=_TIMEOUT)
        return self._client


def _refusal(answer: httpx.Response, app: GitHubApp, place: Place, url: str) -> FerrymanError:
    """What GitHub's refusal means for whoever applied the Secret."""
    who = f"the GitHub App {app.client_id} at {place.api}"
    if answer.status_code in {httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS}:
        seconds = answer.headers.get("retry-after", "60")
        delay = timedelta(seconds=int(seconds) if seconds.isdecimal() else 60)
        return TemporaryError(
            f"{who} may get no token now ({_said(answer)}); if that goes on, look whether it is "
            "suspended (tried again by itself)",
            delay=delay,
        )
    reasons = {
        401: "its key is not known there: check githubAppClientID and githubAppPrivateKey",
        404: f"it has no installation {app.installation_id}: check githubAppInstallationID",
        422: f"its installation may not use {place.repository}: add that repository to it",
    }
    if reason := reasons.get(answer.status_code):
        return CredentialError(
            f"{who} gets no token for {url}: {reason} ({_said(answer)}) "
            "(the promotion waits for it)",
            url=url,
        )
    return TemporaryError(f"{who} gets no token now: {_said(answer)} (tried again by itself)")


def _said(answer: httpx.Response) -> str:
    try:
        message = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = answer.reason_phrase
    return f"{answer.status_code} {message[:200]}"
