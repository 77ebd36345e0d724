"""What an image subscription finds, and what it asks for that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from activities.image_discovery import FoundImages, discover_images
from ferryman.domain.errors import CredentialError, InvalidError, PermanentError
from ferryman.domain.ports import FoundImage, ImageRepository
from ferryman.domain.warehouse import Subscription

REPOSITORY = ImageRepository("registry.example/app")
TAGS = ["1.0.0", "latest", "1.2.0", "1.1.0", "2.0.0-rc.1", "nightly"]


class Registry:
    """A registry of the test's own, which remembers what it was asked."""

    def __init__(self, tags: list[str], odd: Callable[[str], Exception | None]) -> None:
        self.asked: list[str] = []
        self._tags = tags
        self._odd = odd

    async def tags(self, _repository: ImageRepository) -> list[str]:
        """Every tag."""
        self.asked.append("tags")
        return self._tags

    async def image(
        self, _repository: ImageRepository, tag: str, *, platform: str | None
    ) -> FoundImage | None:
        """What a tag points to; `gone…` is gone."""
        self.asked.append(tag)
        if error := self._odd(tag):
            raise error
        created = datetime(2026, 1, 1 + self._tags.index(tag) % 28, tzinfo=UTC)
        found = FoundImage(tag, f"sha256:{tag}", created, platforms=(platform or "any",))
        return None if tag.endswith("gone") else found


async def discover(
    tags: list[str],
    odd: Callable[[str], Exception | None] = lambda _tag: None,
    **image: Any,
) -> tuple[FoundImages, Registry]:
    """Discover in a registry with these tags."""
    registry = Registry(tags, odd)
    wanted = {"repoURL": REPOSITORY.url, **image}
    found = await discover_images(registry, REPOSITORY, Subscription.load({"image": wanted}))
    return found, registry


def tags_of(found: FoundImages) -> list[str]:
    """The tags that were found."""
    return [reference.tag for reference in found.discovery.references]


async def test_no_more_than_needed() -> None:
    """By version, only as many tags are asked for as are wanted, the best ones."""
    found, registry = await discover(TAGS, discoveryLimit=2)
    assert tags_of(found) == ["2.0.0-rc.1", "1.2.0"]
    assert registry.asked == ["tags", "2.0.0-rc.1", "1.2.0"]


async def test_a_gap_is_filled() -> None:
    """For a tag that is gone, or for another platform, the next one is asked for."""
    found, registry = await discover(["3.0.0-gone", "2.0.0", "1.0.0"], discoveryLimit=1)
    assert tags_of(found) == ["2.0.0"]
    assert registry.asked == ["tags", "3.0.0-gone", "2.0.0"]


async def test_one_tag_to_follow() -> None:
    """By digest there is one tag, and no list."""
    found, registry = await discover(TAGS, imageSelectionStrategy="Digest", constraint="latest")
    assert tags_of(found) == ["latest"]
    assert registry.asked == ["latest"]


async def test_by_date() -> None:
    """By date every tag that is allowed must be asked for; the newest are kept."""
    found, registry = await discover(
        TAGS, imageSelectionStrategy="NewestBuild", allowTagsRegexes=["^1"], discoveryLimit=1
    )
    assert tags_of(found) == ["1.1.0"]
    assert sorted(registry.asked) == ["1.0.0", "1.1.0", "1.2.0", "tags"]


async def test_an_odd_tag_is_left_out() -> None:
    """A tag that cannot be read does not hide the others, and is named."""

    def odd(tag: str) -> Exception | None:
        return PermanentError("it is a film") if tag == "1.2.0" else None

    found, _ = await discover(TAGS, odd, constraint="^1.0.0", discoveryLimit=1)
    assert tags_of(found) == ["1.1.0"]
    assert found.left_out == ["tag 1.2.0 of registry.example/app was left out: it is a film"]


async def test_an_odd_registry() -> None:
    """Where tag after tag cannot be read, it is no odd tag any more: asking ends."""
    many = [f"1.{minor}.0" for minor in range(100)]
    registry = Registry(many, lambda _tag: PermanentError("no"))
    with pytest.raises(PermanentError):
        await discover_images(
            registry, REPOSITORY, Subscription.load({"image": {"repoURL": REPOSITORY.url}})
        )
    assert len(registry.asked) < 40


@pytest.mark.parametrize(
    "error", [InvalidError("no platform"), CredentialError("no", url="registry.example/app")]
)
async def test_what_is_not_one_tags_fault(error: Exception) -> None:
    """What any tag would meet is the subscription's trouble."""
    with pytest.raises(type(error)):
        await discover(TAGS, lambda _tag: error)


@pytest.mark.parametrize(("field", "value"), [("constraint", ">>1"), ("allowTagsRegexes", ["("])])
async def test_a_bad_rule(field: str, value: Any) -> None:
    """A rule that does not hold water is refused before anything is asked."""
    with pytest.raises(InvalidError, match=field):
        await discover(TAGS, **{field: value})
