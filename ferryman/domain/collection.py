"""FreightCollection: what a Stage has of every origin after a Promotion."""

from __future__ import annotations

import hashlib

from ferryman.domain.freight import FreightReference
from ferryman.domain.promotion import FreightCollection
from ferryman.domain.stage import StageSpec


def carried_over(
    previous: FreightCollection | None, target: FreightReference, spec: StageSpec
) -> FreightCollection:
    """The target, and the other origins' Freight of the last Promotion (Kargo §14.20).

    An origin that the Stage no longer requests is dropped.
    """
    requested = {str(r.origin) for r in spec.requested_freight}
    kept = {k: v for k, v in (previous.items if previous else {}).items() if k in requested}
    items = kept | {str(target.origin): target}
    return FreightCollection(id=_identity(items), items=dict(sorted(items.items())))


def _identity(items: dict[str, FreightReference]) -> str:
    """Kargo's: the SHA-1 of the sorted names, joined by commas."""
    names = ",".join(sorted(f.name for f in items.values()))
    return hashlib.sha1(names.encode(), usedforsecurity=False).hexdigest()
