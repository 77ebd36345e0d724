"""A receiver's address: derived from its secret, so that nobody can guess it."""

from __future__ import annotations

import hashlib

BASE = "/webhooks"


def digest(project: str, receiver: str, secret: str) -> str:
    """What its path ends in (Kargo §7); `project` is empty for receivers of the ClusterConfig.

    A new secret is a new address (§14.60).
    """
    return hashlib.sha256(f"{project}{receiver}{secret}".encode()).hexdigest()


def path(kind: str, digest: str) -> str:
    """Where the receiver listens, below the API's own address."""
    return f"{BASE}/{kind}/{digest}"
