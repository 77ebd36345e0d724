"""What the example Warehouse has discovered, as if a worker had looked."""

from __future__ import annotations

from datetime import UTC, datetime

from ferryman.domain.warehouse import DiscoveredArtifacts, DiscoveredImage, ImageDiscovery
from ferryman.storage.store import Store

REPO = "registry.example/shop"


async def discovered(store: Store, *tags: str) -> None:
    """The Warehouse has found these tags, best first."""
    now = datetime.now(UTC)
    references = tuple(
        DiscoveredImage(
            tag=tag,
            digest=f"sha256:{tag}",
            annotations={
                "org.opencontainers.image.source": "https://github.com/acme/shop",
                "org.opencontainers.image.revision": f"r-{tag}",
            },
        )
        for tag in tags
    )
    found = ImageDiscovery(repo_url=REPO, references=references)
    await store.discoveries.record(
        "shop",
        "images",
        found=DiscoveredArtifacts(discovered_at=now, images=(found,)),
        freight="",
        conditions=[],
        now=now,
    )
