"""Basic authentication (RFC 7617)."""

from __future__ import annotations

import base64

from ferryman.domain.ports import Credential


def basic(credential: Credential) -> str:
    """Return the Authorization header for `credential`, in UTF-8."""
    pair = f"{credential.username}:{credential.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"
