"""What an image subscription accepts, found with as few requests as its strategy allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ferryman.domain.errors import InvalidError, PermanentError
from ferryman.domain.ports import FoundImage, ImageRepository, Registry
from ferryman.domain.selection import TagRule, newest_first, order_tags
from ferryman.domain.warehouse import (
    DiscoveredImage,
    ImageDiscovery,
    ImageSubscription,
    Subscription,
)

_MOST_LEFT_OUT = 10
"""After so many tags that cannot be read it is no odd tag any more, but an odd registry."""


@dataclass(frozen=True)
class FoundImages:
    """What a subscription found, and which tags it had to leave out, as sentences."""

    discovery: ImageDiscovery
    left_out: Sequence[str] = ()


async def discover_images(
    registry: Registry, repository: ImageRepository, subscription: Subscription
) -> FoundImages:
    """The subscription's images, best first; raises the registry's errors.

    A tag that is no image, or none that can be read, does not hide the others.
    """
    wanted = subscription.image
    if wanted is None:
        raise InvalidError("is no image subscription", field="subscriptions")
    rule = TagRule(
        strategy=wanted.image_selection_strategy,
        constraint=wanted.constraint,
        allow=wanted.allow_tags_regexes,
        ignore=wanted.ignore_tags_regexes,
        strict_semvers=wanted.strict_semvers,
    )
    rule.check()
    tags = order_tags(rule, await registry.tags(repository) if rule.needs_tags else [])
    search = _Search(registry, repository, wanted)
    await search.look_up(tags, every=rule.by_date)
    limit, found = wanted.discovery_limit, search.found
    best = newest_first(found, limit) if rule.by_date else found
    discovery = ImageDiscovery(
        repo_url=wanted.repo_url,
        platform=wanted.platform,
        subscription_name=subscription.name,
        references=tuple(_discovered(image) for image in best),
    )
    return FoundImages(discovery, search.left_out)


@dataclass
class _Search:
    registry: Registry
    repository: ImageRepository
    wanted: ImageSubscription
    found: list[FoundImage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    async def look_up(self, tags: Sequence[str], *, every: bool) -> None:
        """Ask for each tag in turn until there are enough; by date, every tag must be asked for."""
        for tag in tags:
            await self._ask(tag)
            if len(self.found) >= self.wanted.discovery_limit and not every:
                return

    async def _ask(self, tag: str) -> None:
        platform = self.wanted.platform or None
        try:
            image = await self.registry.image(self.repository, tag, platform=platform)
        except InvalidError:
            raise  # of the subscription itself: no other tag would fare better
        except PermanentError as error:
            if len(self.left_out) >= _MOST_LEFT_OUT:
                raise
            self.left_out.append(f"tag {tag} of {self.wanted.repo_url} was left out: {error}")
            return
        if image is not None:
            self.found.append(image)


def _discovered(image: FoundImage) -> DiscoveredImage:
    return DiscoveredImage(
        tag=image.tag,
        digest=image.digest,
        annotations=dict(image.annotations),
        created_at=image.created_at,
    )
