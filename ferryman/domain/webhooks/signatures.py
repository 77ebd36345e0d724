"""Does the sender know the secret? Compared in constant time."""

from __future__ import annotations

import hashlib
import hmac


def is_signed(body: bytes, secret: str, given: str, *, prefix: str = "sha256=") -> bool:
    """Whether `given` is `prefix` and the HMAC-SHA-256 of `body`, in hexadecimal."""
    expected = prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return is_same(expected, given.lower())


def is_same(secret: str, given: str) -> bool:
    """Whether both are the same, and not empty."""
    return bool(given) and hmac.compare_digest(secret.encode(), given.encode())
