"""WWW-Authenticate headers."""

from __future__ import annotations

import pytest

from ferryman.clients.registry.challenge import Challenge, choose_challenge

REALM = 'realm="https://auth.example/token"'
SCOPE = 'Scope="repository:a/b:pull,push"'
BEARER = Challenge(
    "bearer",
    {"realm": "https://auth.example/token", "service": "reg", "scope": "repository:a/b:pull,push"},
)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([f'Bearer {REALM},service="reg",{SCOPE}'], BEARER),
        ([f"bearer {REALM} , service=reg, {SCOPE}"], BEARER),
        (['Basic realm="My Registry"'], Challenge("basic", {"realm": "My Registry"})),
        (["Basic"], Challenge("basic")),
        (
            ['Basic realm="x"', 'Bearer realm="https://t.example"'],
            Challenge("bearer", {"realm": "https://t.example"}),
        ),
        (
            ['Bearer realm="https://t.example", Basic realm="x"'],
            Challenge("bearer", {"realm": "https://t.example"}),
        ),
        (['Digest realm="x", nonce="1"'], None),
        (["Negotiate"], None),
        (["", ",,", 'realm="x"'], None),
        ([], None),
    ],
)
def test_choice(headers: list[str], expected: Challenge | None) -> None:
    """Bearer is preferred to Basic, quotes may hold commas, and nothing else is answered."""
    assert choose_challenge(headers) == expected
