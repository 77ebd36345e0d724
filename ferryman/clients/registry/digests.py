"""Content digests: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests."""

from __future__ import annotations

import hashlib


def digest_of(content: bytes, *, algorithm: str = "sha256") -> str:
    """Compute the digest of `content`."""
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


def matches(content: bytes, digest: str) -> bool:
    """Say whether `content` has the well-formed `digest`."""
    return digest_of(content, algorithm=digest.partition(":")[0]) == digest
