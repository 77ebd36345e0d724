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


class LayeredCache:
    """Two caches: `near` is asked first, and has what was found in `far`."""

    def __init__(self, near: ManifestCache, far: ManifestCache) -> None:
        self._near = near
        self._far = far

    async def get(self, digest: str) -> bytes | None:
        """Return the bytes that have this digest, or None."""
        content = await self._near.get(digest)
        if content is None and (content := await self._far.get(digest)) is not None:
            await self._near.put(digest, content)
        return content

    async def put(self, digest: str, content: bytes) -> None:
        """Keep `content`, whose digest is `digest`, in both."""
        await self._near.put(digest, content)
        await self._far.put(digest, content)
