"""What is kept in memory is bounded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.clients.registry import MemoryManifestCache
from ferryman.clients.registry.recently_used import RecentlyUsed


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=6)), max_size=30))
def test_never_heavier_than_its_limit(puts: list[tuple[int, bytes]]) -> None:
    """Whatever is put, the values weigh at most the limit, and the last one that fits is there."""
    kept = RecentlyUsed[int, bytes](10, weigh=len)
    for key, value in puts:
        kept.put(key, value)
        assert kept.get(key) == value
        assert sum(len(kept.get(other) or b"") for other in range(6)) <= 10


async def test_forgets_the_longest_unused() -> None:
    """Where there is no room, what was used last stays, and what never fits is not kept."""
    cache = MemoryManifestCache(limit=2)
    await cache.put("a", b"1")
    await cache.put("b", b"2")
    assert await cache.get("a") == b"1"
    await cache.put("c", b"3")
    await cache.put("d", b"too long")
    assert [await cache.get(key) for key in "abcd"] == [b"1", None, b"3", None]
