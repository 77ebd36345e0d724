"""Which token servers are spoken to."""

from __future__ import annotations

import httpx
import pytest

from ferryman.clients.registry import RegistryOptions
from ferryman.clients.registry.challenge import Challenge
from ferryman.clients.registry.connections import Connections
from ferryman.clients.registry.place import place_of
from ferryman.clients.registry.tokens import Tokens
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import ImageRepository


def token_url(url: str, options: RegistryOptions | None = None, **parameters: str) -> httpx.URL:
    """Where a token for the repository at `url` would be fetched."""
    options = options or RegistryOptions()
    challenge = Challenge("bearer", parameters)
    place = place_of(ImageRepository(url), options)
    return Tokens(Connections(options), options)._url(place, challenge)


def test_scope() -> None:
    """Scope and service are the registry's; without a scope, leave to pull is asked for."""
    realm = "https://auth.docker.io/token?x=1"
    named = token_url("nginx", realm=realm, service="hub", scope="repository:library/nginx:pull")
    assert dict(named.params) == {
        "x": "1",
        "service": "hub",
        "scope": "repository:library/nginx:pull",
    }
    assert token_url("a/b", realm=realm).params["scope"] == "repository:a/b:pull"


@pytest.mark.parametrize(
    "realm",
    [
        "",
        "token",
        "file:///etc/passwd",
        "https://",
        "https://host:port/",
        "http://127.0.0.1:8080/token",
        "https://localhost/token",
    ],
)
def test_not_followed(realm: str) -> None:
    """What is no URL, or one of this machine named from elsewhere, is refused."""
    with pytest.raises(PermanentError, match=r"ghcr\.io names no token server .* for ghcr\.io/a/b"):
        token_url("ghcr.io/a/b", realm=realm)


def test_plain_http() -> None:
    """Tokens and credentials go over plain HTTP only to this machine, or where allowed."""
    realm = "http://tokens.example/token"
    with pytest.raises(PermanentError, match=r"set registry\.allow_credentials_over_http"):
        token_url("ghcr.io/a/b", realm=realm)
    allowed = RegistryOptions(allow_credentials_over_http=True)
    assert token_url("ghcr.io/a/b", allowed, realm=realm).host == "tokens.example"
    assert token_url("localhost:5000/a", realm="http://localhost:5001/t").port == 5001
