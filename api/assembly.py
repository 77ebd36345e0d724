"""Freight that people put together by hand: it must be what its Warehouse would have made.

Exactly one artifact for each subscription and nothing besides (reference §1.5, Rules). What
discovery would add is added, so that the same versions are the same Freight whoever bundles them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight, Image
from ferryman.domain.freight_identity import freight_name
from ferryman.domain.urls import normalize_image
from ferryman.domain.warehouse import ImageSubscription, Warehouse


def assembled(freight: Freight, warehouse: Warehouse) -> Freight:
    """The Freight, completed and named by its contents; raises InvalidError with all misfits."""
    misfits = [*_unwatched(freight), *_missing_or_twice(freight, warehouse)]
    if misfits:
        raise InvalidError(
            f"does not fit warehouse {warehouse.name}: {'; '.join(misfits)}", field="images"
        )
    images = tuple(_completed(image, warehouse) for image in freight.images)
    name = freight_name(freight.origin.kind, freight.origin.name, images=images)
    metadata = freight.metadata.model_copy(update={"name": name})
    return freight.model_copy(update={"metadata": metadata, "images": images})


def _unwatched(freight: Freight) -> Iterator[str]:
    """Until Warehouses watch more than images, nothing else can be in a Freight."""
    for field in ("commits", "charts", "artifacts"):
        if getattr(freight, field):
            yield f"{field} are not supported yet, leave them out"


def _missing_or_twice(freight: Freight, warehouse: Warehouse) -> Iterator[str]:
    wanted = _watched(warehouse)
    for image in freight.images:
        if not any(_fits(image, name, subscription) for name, subscription in wanted):
            yield f"{image.repo_url} is none of its repositories, leave it out"
        elif not image.tag and not image.digest:
            yield f"{image.repo_url} has neither tag nor digest, write one"
    for name, subscription in wanted:
        count = sum(_fits(image, name, subscription) for image in freight.images)
        if count != 1:
            yield f"{subscription.repo_url} is there {count} times, give exactly one version of it"


def _watched(warehouse: Warehouse) -> Sequence[tuple[str, ImageSubscription]]:
    return [(s.name, s.image) for s in warehouse.spec.subscriptions if s.image]


def _fits(image: Image, name: str, subscription: ImageSubscription) -> bool:
    same = normalize_image(image.repo_url) == normalize_image(subscription.repo_url)
    return same and image.subscription_name in {"", name}


def _completed(image: Image, warehouse: Warehouse) -> Image:
    """With its subscription's name, and the digest that discovery has seen under its tag."""
    name = next(n for n, s in _watched(warehouse) if _fits(image, n, s))
    update = {"subscription_name": name}
    if not image.digest:
        update["digest"] = _discovered_digest(image, warehouse)
    return image.model_copy(update=update)


def _discovered_digest(image: Image, warehouse: Warehouse) -> str:
    found = warehouse.status.discovered_artifacts
    known = (
        reference.digest
        for discovery in (found.images if found else ())
        if normalize_image(discovery.repo_url) == normalize_image(image.repo_url)
        for reference in discovery.references
        if reference.tag == image.tag
    )
    return next(known, "")
