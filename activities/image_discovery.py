"""What an image subscription accepts, found with as few requests as its strategy allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from activities.in_order import in_order
from ferryman.domain.errors import InvalidError, PermanentError
from ferryman.domain.ports import FoundImage, ImageRepository, Images
from ferryman.domain.selection import TagRule, newest_first, order_tags
from ferryman.domain.warehouse import (
    DiscoveredImage,
    ImageDiscovery,
    ImageSubscription,
    Subscription,
)

_AT_ONCE = 20
"""Tags that are asked for at once; the registry's own limits are below this."""

_MOST_LEFT_OUT = 10
"""After so many tags that cannot be read it is no odd tag any more, but an odd registry."""


@dataclass(frozen=True)
class FoundImages:
    """What a subscription found, and which tags it had to leave out, as sentences."""

    discovery: ImageDiscovery
    left_out: Sequence[str] = ()


async def discover_images(
    registry: Images, repository: ImageRepository, subscription: Subscription
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
    registry: Images
    repository: ImageRepository
    wanted: ImageSubscription
    found: list[FoundImage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    async def look_up(self, tags: Sequence[str], *, every: bool) -> None:
        """Ask for as many at once as are still wanted; by date, every tag must be asked for."""
        limit, next_ = self.wanted.discovery_limit, 0
        while next_ < len(tags) and (every or len(self.found) < limit):
            batch = tags[next_:] if every else tags[next_ : next_ + limit - len(self.found)]
            answers = await in_order(batch, self._ask, at_once=_AT_ONCE)
            self.found += [image for image in answers if image and image.fits]
            next_ += len(batch)

    async def _ask(self, tag: str) -> FoundImage | None:
        platform = self.wanted.platform or None
        try:
            return await self.registry.image(self.repository, tag, platform=platform)
        except InvalidError:
            raise  # of the subscription itself: no other tag would fare better
        except PermanentError as error:
            if len(self.left_out) >= _MOST_LEFT_OUT:
                raise
            self.left_out.append(f"tag {tag} of {self.wanted.repo_url} was left out: {error}")
            return None


def _discovered(image: FoundImage) -> DiscoveredImage:
    return DiscoveredImage(
        tag=image.tag,
        digest=image.digest,
        annotations=dict(image.annotations),
        created_at=image.created_at,
    )
