"""Tokens for Artifact Registry, from a Google that checks signatures."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ferryman.clients.cloud_tokens import CloudTokens
from ferryman.domain.cloud_keys import GoogleKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential
from tests.clients.cloud_tokens.conftest import Cloud

URL = "europe-docker.pkg.dev/shop/images/app"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
KEY = GoogleKey("ferryman@shop.iam.gserviceaccount.com", PEM, "k1")
GIVEN = (200, {"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"})


def parts(jwt: str) -> list[bytes]:
    """Its three parts, decoded."""
    return [base64.urlsafe_b64decode(f"{part}==") for part in jwt.split(".")]


async def test_what_google_is_asked(cloud: Cloud, tokens: CloudTokens) -> None:
    """One claim to be the service account, signed with its key, good for an hour."""
    cloud.answers["/google"] = GIVEN
    assert await tokens.credential(KEY, URL) == Credential("oauth2accesstoken", "ya29.token")
    ((_, content),) = cloud.asked
    form = parse_qs(content.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    (jwt,) = form["assertion"]
    head, claims, signature = parts(jwt)
    assert json.loads(head) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    now = int(cloud.now.timestamp())
    assert json.loads(claims) == {
        "iss": KEY.client_email,
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }
    signed = jwt.rpartition(".")[0].encode()
    PRIVATE.public_key().verify(signature, signed, PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    ("status", "document", "kind", "words"),
    [
        (400, {"error": "invalid_grant"}, CredentialError, "this key of it is not there any more"),
        (401, {"error": "unauthorized_client"}, CredentialError, "may not ask for tokens"),
        (403, b"no", CredentialError, r"Google refused it \(403\)"),
        (200, {"access_token": 7}, TemporaryError, "without a token"),
        (302, b"", CredentialError, "302"),
    ],
)
async def test_refusals(
    cloud: Cloud, tokens: CloudTokens, status: int, document: Any, *, kind: type, words: str
) -> None:
    """Each says what is wrong with the account."""
    cloud.answers["/google"] = (status, document)
    cloud.headers["Location"] = "/elsewhere"
    with pytest.raises(TemporaryError, match=words) as caught:
        await tokens.credential(KEY, URL)
    assert type(caught.value) is kind


async def test_a_key_that_is_none(cloud: Cloud, tokens: CloudTokens) -> None:
    """It is named, not shown, and nobody is asked."""
    with pytest.raises(CredentialError, match="it is no PEM of a private key") as caught:
        await tokens.credential(GoogleKey("a@b", "hunter2"), URL)
    assert "hunter2" not in str(caught.value)
    assert not cloud.asked


@pytest.mark.parametrize("url", ["gcr.io/shop/app", "eu.gcr.io/shop/app"])
async def test_the_older_registries(cloud: Cloud, tokens: CloudTokens, url: str) -> None:
    """Their names live on in Artifact Registry."""
    cloud.answers["/google"] = GIVEN
    assert (await tokens.credential(KEY, url)).password == "ya29.token"


@pytest.mark.parametrize("url", ["ghcr.io/shop", "pkg.dev.evil.dev/a", "notgcr.io/a", "app"])
async def test_other_registries(cloud: Cloud, tokens: CloudTokens, url: str) -> None:
    """Google's token is given for no other registry."""
    with pytest.raises(InvalidError, match="a Google key opens Artifact Registry only"):
        await tokens.credential(KEY, url)
    assert not cloud.asked
