"""What differs between two Freight, or between what two Stages have.

Versions, repository by repository, with links to the commits in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from ferryman.domain.compare_links import compare_link
from ferryman.domain.freight import Artifact, Chart, Commit, FreightReference, Image
from ferryman.domain.model import Model
from ferryman.domain.resource import OURS
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image, without_userinfo

Kind = Literal["commit", "image", "chart", "artifact"]
SOURCE: Final = "org.opencontainers.image.source"
REVISION: Final = "org.opencontainers.image.revision"
"""Annotations (OCI) that say which commit of which repository an image was built from."""


class Version(Model):
    """One version of something."""

    version: str
    """As people call it: tag or version; of a commit without a tag, its id."""
    id: str = ""
    """What it is exactly: digest or commit id."""


class Change(Model):
    """One repository on both sides."""

    kind: Kind
    repo_url: str = ""
    name: str = ""
    """Of a chart in a classic repository, or of a subscription of the user's own."""
    origin: str = ""
    """The Warehouse, where a side holds Freight of several."""
    change: Literal["added", "removed", "changed", "unchanged"]
    before: Version | None = None
    after: Version | None = None
    compare_url: str = ""
    """A page with the commits in between."""


class Side(Model):
    """What is compared."""

    title: str
    freight: tuple[str, ...] = ()
    """Names; a Stage may have none, or several."""


class FreightDiff(Model):
    """What differs."""

    api_version: Literal["ferryman.dev/v1alpha1"] = OURS
    kind: Literal["FreightDiff"] = "FreightDiff"
    before: Side
    after: Side
    changes: tuple[Change, ...] = ()


class _Key(NamedTuple):
    origin: str
    kind: Kind
    where: str
    """The repository in the form in which it is compared, or the subscription."""


class _Item(NamedTuple):
    """One artifact of a side."""

    key: _Key
    version: Version
    repo_url: str = ""
    name: str = ""
    source: str = ""
    """The git repository behind it, and the commit there."""
    revision: str = ""


def compare(
    before_title: str,
    before: Sequence[FreightReference],
    after_title: str,
    after: Sequence[FreightReference],
) -> FreightDiff:
    """Both sides, repository by repository, in the order of kinds and repositories.

    A single Freight beside what a Stage has of several Warehouses is compared with its own.
    """
    before, after = _of_same_origin(before, after), _of_same_origin(after, before)
    apart = max(len(before), len(after)) > 1
    old, new = _items(before, by_origin=apart), _items(after, by_origin=apart)
    return FreightDiff(
        before=_side(before_title, before),
        after=_side(after_title, after),
        changes=tuple(_change(old.get(key), new.get(key)) for key in sorted({*old, *new})),
    )


def _of_same_origin(
    side: Sequence[FreightReference], other: Sequence[FreightReference]
) -> Sequence[FreightReference]:
    if len(side) > 1 and len(other) == 1:
        return [f for f in side if f.origin == other[0].origin]
    return side


def _side(title: str, freight: Iterable[FreightReference]) -> Side:
    return Side(title=title, freight=tuple(f.name for f in freight))


def _items(side: Iterable[FreightReference], *, by_origin: bool) -> dict[_Key, _Item]:
    return {
        item.key: item
        for freight in side
        for item in _contents(freight, str(freight.origin) if by_origin else "")
    }


def _contents(freight: FreightReference, origin: str) -> Iterator[_Item]:
    yield from (_commit(c, origin) for c in freight.commits)
    yield from (_image(i, origin) for i in freight.images)
    yield from (_chart(c, origin) for c in freight.charts)
    yield from (_artifact(a, origin) for a in freight.artifacts)


def _commit(commit: Commit, origin: str) -> _Item:
    key = _Key(origin, "commit", normalize_git(commit.repo_url))
    version = Version(version=commit.tag or commit.id, id=commit.id)
    url = without_userinfo(commit.repo_url)
    return _Item(key, version, url, source=commit.repo_url, revision=commit.id)


def _image(image: Image, origin: str) -> _Item:
    key = _Key(origin, "image", normalize_image(image.repo_url))
    version = Version(version=image.tag or image.digest, id=image.digest)
    source, revision = (image.annotations.get(key, "") for key in (SOURCE, REVISION))
    return _Item(key, version, image.repo_url, source=source, revision=revision)


def _chart(chart: Chart, origin: str) -> _Item:
    key = _Key(origin, "chart", normalize_chart(chart.repo_url, chart.name))
    return _Item(key, Version(version=chart.version), chart.repo_url, chart.name)


def _artifact(artifact: Artifact, origin: str) -> _Item:
    key = _Key(origin, "artifact", artifact.subscription_name)
    return _Item(key, Version(version=artifact.version), name=artifact.subscription_name)


def _change(old: _Item | None, new: _Item | None) -> Change:
    known = new or old
    if known is None:
        raise ValueError("one side has it")
    return Change(
        kind=known.key.kind,
        repo_url=known.repo_url,
        name=known.name,
        origin=known.key.origin,
        change=_what(old, new),
        before=old.version if old else None,
        after=new.version if new else None,
        compare_url=_link(old, new) if old and new else "",
    )


def _what(
    old: _Item | None, new: _Item | None
) -> Literal["added", "removed", "changed", "unchanged"]:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    return "unchanged" if old.version == new.version else "changed"


def _link(old: _Item, new: _Item) -> str:
    if normalize_git(old.source) != normalize_git(new.source):
        return ""
    return compare_link(new.source, old.revision, new.revision)
