"""Signatures of AWS requests, by the examples that AWS has published."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ferryman.clients.cloud_tokens.sigv4 import signed_headers
from ferryman.domain.cloud_keys import AwsKey

KEY = AwsKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


@pytest.mark.parametrize(
    ("headers", "content", "signature"),
    [
        # post-vanilla and post-x-www-form-urlencoded of AWS's Signature Version 4 test suite
        ({}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
)
def test_published_examples(headers: dict[str, str], content: bytes, signature: str) -> None:
    """The signature is AWS's own."""
    signed = signed_headers(
        KEY,
        url="https://example.amazonaws.com/",
        headers=headers,
        content=content,
        scope=("us-east-1", "service"),
        now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    scope = "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
    assert signed["Authorization"].startswith(f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=")
    assert signed["Authorization"].endswith(f", Signature={signature}")
    assert KEY.secret_access_key not in str(signed)
