"""JSON Web Tokens that a private key signs (RFC 7519, RS256): who we are, to who knows our key."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def signed(claims: Mapping[str, object], pem: str, *, key_id: str = "") -> str:
    """Return the token; raises ValueError, without the value, for a key that is none.

    `pem` may be encoded in base64 once more, as Kargo allows.
    """
    header = {"alg": "RS256", "typ": "JWT"} | ({"kid": key_id} if key_id else {})
    text = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{text}.{_base64(_key(pem).sign(text.encode(), PKCS1v15(), SHA256()))}"


def _key(text: str) -> RSAPrivateKey:
    pem = text.strip().encode()
    try:
        if not pem.startswith(b"-----BEGIN"):
            pem = base64.b64decode(pem, validate=False)
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        raise ValueError("it is no PEM of a private key without a passphrase") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("it is no RSA key")  # noqa: TRY004 — a bad value, of the right type
    return key


def _encoded(part: Mapping[str, object]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
