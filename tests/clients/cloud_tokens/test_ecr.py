"""Passwords for ECR, from an AWS that sees who asks."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from ferryman.clients.cloud_tokens import CloudTokens
from ferryman.clients.cloud_tokens.sigv4 import signed_headers
from ferryman.domain.cloud_keys import AwsKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential
from tests.clients.cloud_tokens.conftest import Cloud

URL = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop"
KEY = AwsKey("AKIDEXAMPLE", "hunter2")


def given(password: str, expires: datetime) -> tuple[int, Any]:
    """What AWS answers."""
    pair = base64.b64encode(f"AWS:{password}".encode()).decode()
    data = {"authorizationToken": pair, "expiresAt": expires.timestamp()}
    return 200, {"authorizationData": [data]}


@pytest.mark.parametrize("url", [URL, f"oci://{URL.upper().replace('SHOP', 'charts/shop')}"])
async def test_what_aws_is_asked(cloud: Cloud, tokens: CloudTokens, url: str) -> None:
    """One request that is signed for the registry's region; the secret itself is not sent."""
    cloud.answers["/"] = given("a:token", cloud.now + timedelta(hours=12))
    assert await tokens.credential(KEY, url) == Credential("AWS", "a:token")
    ((request, content),) = cloud.asked
    sent = dict(request.headers)
    assert sent["x-amz-target"].endswith(".GetAuthorizationToken")
    expected = signed_headers(
        KEY,
        url=f"{cloud.url}/",
        headers={name: sent[name] for name in ("content-type", "x-amz-target")},
        content=content,
        scope=("eu-west-1", "ecr"),
        now=cloud.now,
    )
    assert sent["authorization"] == expected["Authorization"]
    assert "hunter2" not in f"{sent} {content!r}"


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("UnrecognizedClientException", CredentialError, "awsAccessKeyID is not known there"),
        ("com.amazon.coral#InvalidSignatureException", CredentialError, "awsSecretAccessKey is"),
        ("AccessDeniedException", CredentialError, "permission ecr:GetAuthorizationToken"),
        ("SomethingNew", CredentialError, r"AWS refused it \(SomethingNew\)"),
        ("hunter2 is no code", CredentialError, r"AWS refused it \(400\)"),
        ("ThrottlingException", TemporaryError, r"now \(ThrottlingException\)"),
    ],
)
async def test_refusals(
    cloud: Cloud, tokens: CloudTokens, code: str, kind: type[Exception], words: str
) -> None:
    """Each says which part of the Secret to correct, and nothing else of what AWS said."""
    cloud.answers["/"] = (400, {"__type": code, "message": "hunter2"})
    with pytest.raises(TemporaryError, match=words) as caught:
        await tokens.credential(KEY, URL)
    assert type(caught.value) is kind
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"authorizationData": []},
        {"authorizationData": [{"authorizationToken": "?", "expiresAt": 1}]},
        {"authorizationData": [{"authorizationToken": "YTpi", "expiresAt": 1e300}]},
        b"[" * 100_000,
        b" " * 300_000 + b"{}",
    ],
)
async def test_nonsense(cloud: Cloud, tokens: CloudTokens, document: Any) -> None:
    """An answer without a token is tried again later."""
    cloud.answers["/"] = (200, document)
    with pytest.raises(TemporaryError, match="without a token"):
        await tokens.credential(KEY, URL)


@pytest.mark.parametrize(
    "url",
    [
        "ghcr.io/team/shop",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.dev/shop",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com:5000/shop",
        "evil.dev/123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop",
        "public.ecr.aws/shop",
    ],
)
async def test_other_registries(cloud: Cloud, tokens: CloudTokens, url: str) -> None:
    """A password for ECR is given for no other registry."""
    with pytest.raises(InvalidError, match="an AWS key opens ECR only"):
        await tokens.credential(KEY, url)
    assert not cloud.asked
