"""Installation tokens, from a GitHub that checks who asks."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ferryman.clients.github_app import AppTokens
from ferryman.clients.github_app.place import place_of
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import GitHubApp
from tests.servers.asgi import serving
from tests.servers.certificates import self_signed
from tests.servers.tunnels import tunnelling_proxy, with_tls

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A key as GitHub gives it."""
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


APP = GitHubApp("Iv1.abc", "77", pem(KEY))


@dataclass
class GitHub:
    """An API that gives tokens to that App, for the repository `shop`."""

    url: str = ""
    status: int = 201
    now: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)
    asked: list[str] = field(default_factory=list)

    @property
    def repository(self) -> str:
        """The repository that tokens are asked for."""
        return f"{self.url}/team/shop.git"

    async def answer(self, request: Request) -> Response:
        """Check the JWT and give a token."""
        assert request.url.path == "/api/v3/app/installations/77/access_tokens"
        if self.status != 201:
            headers = {"Retry-After": "7"} if self.status == 429 else {}
            return JSONResponse({"message": "No, thanks"}, self.status, headers=headers)
        scheme, _, jwt = request.headers["authorization"].partition(" ")
        head, claims, signature = (base64.urlsafe_b64decode(f"{p}==") for p in jwt.split("."))
        assert (scheme, json.loads(head)) == ("Bearer", {"alg": "RS256", "typ": "JWT"})
        said = json.loads(claims)
        assert said["iss"] == "Iv1.abc"
        assert said["iat"] <= self.now.timestamp() < said["exp"] <= said["iat"] + 600
        try:
            signed = jwt.rpartition(".")[0].encode()
            KEY.public_key().verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return JSONResponse({"message": "A JSON web token could not be decoded"}, 401)
        assert await request.json() == {"repositories": ["shop"]}
        self.asked.append(f"token-{len(self.asked)}")
        expires = (self.now + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
        return JSONResponse({"token": self.asked[-1], "expires_at": expires}, 201)


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """That API, on this machine."""
    made = GitHub()
    app = Starlette(routes=[Route("/{path:path}", made.answer, methods=["POST"])])
    async with serving(app) as made.url:
        yield made


@pytest.fixture
async def tokens(github: GitHub) -> AsyncIterator[AppTokens]:
    """A client that has GitHub's clock."""
    made = AppTokens(clock=lambda: github.now)
    yield made
    await made.aclose()


async def test_a_token_is_asked_for_once(github: GitHub, tokens: AppTokens) -> None:
    """However many ask at the same time, and by whatever form of the key."""
    asking = [tokens.token(APP, github.repository) for _ in range(5)]
    assert set(await asyncio.gather(*asking)) == {"token-0"}
    encoded = GitHubApp("Iv1.abc", "77", base64.b64encode(pem(KEY).encode()).decode())
    assert await tokens.token(encoded, github.repository) == "token-1"


async def test_it_is_asked_for_again_before_it_expires(github: GitHub, tokens: AppTokens) -> None:
    """With less than five minutes left it is not given out any more."""
    assert await tokens.token(APP, github.repository) == "token-0"
    github.now += timedelta(minutes=54)
    assert await tokens.token(APP, github.repository) == "token-0"
    github.now += timedelta(minutes=2)
    assert await tokens.token(APP, github.repository) == "token-1"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hunter2", "no PEM of a private key"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "no RSA key"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)), "not known there"),
    ],
)
async def test_keys_that_open_nothing(
    github: GitHub, tokens: AppTokens, key: str, words: str
) -> None:
    """A key that is none, or another App's, is waited for; it is not shown."""
    with pytest.raises(CredentialError, match=words) as caught:
        await tokens.token(GitHubApp("Iv1.abc", "77", key), github.repository)
    assert "hunter2" not in str(caught.value)
    assert caught.value.url == github.repository


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (404, CredentialError, r"no installation 77: check githubAppInstallationID.*No, thanks"),
        (422, CredentialError, "may not use shop: add that repository"),
        (403, TemporaryError, "look whether it is suspended"),
        (429, TemporaryError, "may get no token now"),
        (502, TemporaryError, "gets no token now: 502 No, thanks"),
        (200, TemporaryError, "200"),
    ],
)
async def test_what_github_refuses(
    github: GitHub, tokens: AppTokens, status: int, kind: type[TemporaryError], words: str
) -> None:
    """Each refusal says what to do."""
    github.status = status
    with pytest.raises(TemporaryError, match=words) as caught:
        await tokens.token(APP, github.repository)
    assert type(caught.value) is kind
    if status == 429:
        assert caught.value.delay == timedelta(seconds=7)


async def test_a_github_that_is_down(tokens: AppTokens) -> None:
    """Without an answer it is tried again."""
    with pytest.raises(TemporaryError, match=r"gave no token .*check the worker's network"):
        await tokens.token(APP, "http://127.0.0.1:1/team/shop.git")


async def test_through_a_proxy_to_an_authority_of_ones_own(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy is gone through, and the CA file's certificates are trusted."""
    certificate, key = self_signed().write(tmp_path)
    tokens = AppTokens(ca_file=certificate, clock=lambda: github.now)
    async with with_tls(github.url, certificate, key) as url, tunnelling_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert await tokens.token(APP, f"{url}/team/shop.git") == "token-0"
        assert proxy.asked == [url.removeprefix("https://")]
        await tokens.aclose()


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://github.com/team/shop.git", "https://api.github.com"),
        ("https://git.shop.dev:8443/team/shop", "https://git.shop.dev:8443/api/v3"),
        ("https://shop.ghe.com/team/shop", "https://api.shop.ghe.com"),
    ],
)
def test_where_the_api_is(url: str, api: str) -> None:
    """At github.com, and at a company's own server."""
    place = place_of(url, allow_http=False)
    assert (place.api, place.repository) == (api, "shop")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("git@github.com:team/shop.git", "cannot be reached by a GitHub App"),
        ("https://github.com/shop", "OWNER/NAME"),
        ("http://git.shop.dev/team/shop", "over plain http"),
    ],
)
def test_where_it_cannot_be(url: str, words: str) -> None:
    """A URL that a token cannot be used for, or would leak on the way to, is refused."""
    with pytest.raises(InvalidError, match=words):
        place_of(url, allow_http=False)
