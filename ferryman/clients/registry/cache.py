"""Keeps what can never change: the bytes of manifests and configs, by digest."""

from __future__ import annotations

from typing import Protocol

from ferryman.clients.registry.recently_used import RecentlyUsed

_DEFAULT_LIMIT = 32 * 1024 * 1024


class ManifestCache(Protocol):
    """Where documents are kept; what it returns is verified again, so it need not be trusted."""

    async def get(self, digest: str) -> bytes | None:
        """Return the bytes that have this digest, or None."""

    async def put(self, digest: str, content: bytes) -> None:
        """Keep `content`, whose digest is `digest`."""


class MemoryManifestCache:
    """In this process: at most `limit` bytes, forgetting what was not used for the longest time."""

    def __init__(self, limit: int = _DEFAULT_LIMIT) -> None:
        self._contents = RecentlyUsed[str, bytes](limit, weigh=len)

    async def get(self, digest: str) -> bytes | None:
        """Return the bytes that have this digest, or None."""
        return self._contents.get(digest)

    async def put(self, digest: str, content: bytes) -> None:
        """Keep `content`, whose digest is `digest`."""
        self._contents.put(digest, content)
