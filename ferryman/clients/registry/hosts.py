"""Which hosts are this machine, and where two URLs lead to the same server."""

from __future__ import annotations

from ipaddress import ip_address

import httpx


def is_loopback(host: str) -> bool:
    """Say whether `host` (no port, no brackets) is localhost, in 127.0.0.0/8, or ::1."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def same_server(one: httpx.URL, other: httpx.URL) -> bool:
    """Say whether scheme, host and port are the same."""
    return _origin(one) == _origin(other)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
