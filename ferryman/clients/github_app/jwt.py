"""The JSON Web Token with which a GitHub App says who it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from ferryman.domain.ports import GitHubApp
from ferryman.jwt import signed

_CLOCKS_DIFFER = timedelta(minutes=1)
_LIFETIME = timedelta(minutes=9)
"""GitHub allows ten, from `iat` on."""


def app_jwt(app: GitHubApp, now: datetime) -> str:
    """Return a token that says "I am this App"; raises ValueError for a key that is none."""
    claims = {
        "iss": app.client_id,
        "iat": int((now - _CLOCKS_DIFFER).timestamp()),
        "exp": int((now + _LIFETIME - _CLOCKS_DIFFER).timestamp()),
    }
    return signed(claims, app.private_key)
