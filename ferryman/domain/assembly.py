"""Freight that people write down whole: it must be what its Warehouse would have made.

Exactly one artifact for each subscription and nothing besides (reference §1.5, Rules). What
discovery would add is added, so that the same versions are the same Freight whoever bundles them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ferryman.domain.candidate import candidate
from ferryman.domain.errors import InvalidError
from ferryman.domain.findings import narrowed, revisions, together
from ferryman.domain.freight import Artifact, Chart, Commit, Freight, Image
from ferryman.domain.freight_identity import freight_name
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.domain.warehouse import DiscoveredCommit, DiscoveredImage, Subscription, Warehouse

Piece = Commit | Image | Chart | Artifact
_FIELDS: Final[dict[type[Piece], str]] = {
    Commit: "commits",
    Image: "images",
    Chart: "charts",
    Artifact: "artifacts",
}


def assembled(freight: Freight, warehouse: Warehouse) -> Freight:
    """The Freight, completed and named by its contents; raises InvalidError with all misfits."""
    misfits = [*_unwatched(freight, warehouse), *_missing_or_twice(freight, warehouse)]
    if misfits:
        raise InvalidError(f"does not fit warehouse {warehouse.name}: {'; '.join(misfits)}")
    pieces = [
        _completed(piece, subscription, warehouse)
        for subscription in warehouse.spec.subscriptions
        for piece in _pieces(freight)
        if _fits(piece, subscription)
    ]
    contents: dict[str, Any] = dict.fromkeys(_FIELDS.values(), ())
    for piece in pieces:
        contents[_FIELDS[type(piece)]] += (piece,)
    name = freight_name(freight.origin.kind, freight.origin.name, **contents)
    metadata = freight.metadata.model_copy(update={"name": name})
    return freight.model_copy(update={"metadata": metadata, **contents})


def _pieces(freight: Freight) -> Iterator[Piece]:
    yield from freight.commits
    yield from freight.images
    yield from freight.charts
    yield from freight.artifacts


def _unwatched(freight: Freight, warehouse: Warehouse) -> Iterator[str]:
    for piece in _pieces(freight):
        if not any(_fits(piece, subscription) for subscription in warehouse.spec.subscriptions):
            yield f"{_title(piece)} is none of its repositories, leave it out"
        elif lacking := _lacking(piece):
            yield f"{_title(piece)} has {lacking}"


def _missing_or_twice(freight: Freight, warehouse: Warehouse) -> Iterator[str]:
    for subscription in warehouse.spec.subscriptions:
        count = sum(_fits(piece, subscription) for piece in _pieces(freight))
        if count != 1:
            yield f"{subscription.title} is there {count} times, give exactly one version of it"


def _fits(piece: Piece, subscription: Subscription) -> bool:
    """Is this what the subscription watches?"""
    if piece.subscription_name not in {"", subscription.name}:
        return False
    image, git, chart = subscription.image, subscription.git, subscription.chart
    match piece:
        case Image():
            wanted = normalize_image(image.repo_url) if image else None
            return normalize_image(piece.repo_url) == wanted
        case Commit():
            wanted = normalize_git(git.repo_url) if git else None
            return normalize_git(piece.repo_url) == wanted
        case Chart():
            wanted = normalize_chart(chart.repo_url, chart.name) if chart else None
            return normalize_chart(piece.repo_url, piece.name) == wanted
        case Artifact():
            return bool(piece.subscription_name) and not (image or git or chart)


def _lacking(piece: Piece) -> str:
    """What it needs to be a version of something."""
    match piece:
        case Image():
            return "" if piece.tag or piece.digest else "neither tag nor digest, write one"
        case Commit():
            return "" if piece.id else "no id, write the commit's"
        case Chart() | Artifact():
            return "" if piece.version else "no version, write one"


def _title(piece: Piece) -> str:
    if isinstance(piece, Artifact):
        return piece.subscription_name
    name = piece.name if isinstance(piece, Chart) else ""
    return f"{piece.repo_url} {name}".rstrip()


def _completed(piece: Piece, subscription: Subscription, warehouse: Warehouse) -> Piece:
    """As discovery has seen it; what it has not seen gets its subscription's name."""
    found = warehouse.status.discovered_artifacts
    finding = found.of(subscription) if found else None
    if found and finding:
        seen = narrowed(finding, lambda revision: _is(piece, revision))
        if revisions(seen):
            only = together([seen], at=found.discovered_at)
            return next(_pieces(candidate(warehouse, only)))
    update = {"subscription_name": subscription.name}
    if isinstance(piece, Artifact):
        update["artifact_type"] = subscription.type
    return piece.model_copy(update=update)


def _is(piece: Piece, revision: DiscoveredImage | DiscoveredCommit | Artifact | str) -> bool:
    """Is this the revision that discovery has seen?"""
    match piece, revision:
        case Image(), DiscoveredImage():
            return piece.tag in {"", revision.tag} and piece.digest in {"", revision.digest}
        case Commit(), DiscoveredCommit():
            return piece.id == revision.id and piece.tag in {"", revision.tag}
        case Chart(), str():
            return piece.version == revision
        case Artifact(), Artifact():
            return piece.version == revision.version
    return False
