"""AWS Signature Version 4: a request, signed with a key that is derived and never sent.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from ferryman.domain.cloud_keys import AwsKey

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed_headers(
    key: AwsKey,
    *,
    url: str,
    headers: Mapping[str, str],
    content: bytes,
    scope: tuple[str, str],
    now: datetime,
) -> dict[str, str]:
    """Return the headers of a POST to a server's root, with date, host and signature.

    `scope` is region and service.
    """
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    every = {**headers, "Host": urlsplit(url).netloc, "X-Amz-Date": stamp}
    canonical = sorted((name.lower(), " ".join(value.split())) for name, value in every.items())
    names = ";".join(name for name, _ in canonical)
    request = "\n".join(
        (
            "POST",
            "/",
            "",
            *(f"{name}:{value}" for name, value in canonical),
            "",
            names,
            sha256(content).hexdigest(),
        )
    )
    at = "/".join((stamp[:8], *scope, "aws4_request"))
    text = "\n".join((_ALGORITHM, stamp, at, sha256(request.encode()).hexdigest()))
    derived = f"AWS4{key.secret_access_key}".encode()
    for part in at.split("/"):
        derived = _hmac(derived, part)
    credential = f"Credential={key.access_key_id}/{at}"
    signature = f"Signature={_hmac(derived, text).hex()}"
    authorization = f"{_ALGORITHM} {credential}, SignedHeaders={names}, {signature}"
    return {**every, "Authorization": authorization}


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
