"""Hits: what is new, and where. URLs are in the forms in which they are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image

_CHART = "application/vnd.cncf.helm."
_IMAGES = frozenset(
    {
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.container.image.v1+json",
    }
)
"""An OCI manifest is none of these: it may be of an image, a chart or anything else."""


class Source(NamedTuple):
    """What one may be subscribed to."""

    type: Literal["git", "image", "chart"]
    url: str


@dataclass(frozen=True)
class RefsPushed:
    """Branches or tags of a git repository moved."""

    sources: frozenset[Source]
    """The repository, by every URL that the payload knows."""
    refs: tuple[str, ...] = ()
    """`refs/heads/main`; none where the payload does not say."""
    files: frozenset[str] | None = None
    """What changed; None where the payload does not say, or not everything."""
    default_branch: str = ""
    """Where the payload says."""


@dataclass(frozen=True)
class ArtifactPushed:
    """Tags of an OCI repository were pushed."""

    sources: frozenset[Source]
    tags: tuple[str, ...] = ()
    """None where the payload does not say."""


@dataclass(frozen=True)
class PullRequestEnded:
    """A pull request was merged or closed. Nothing waits for one yet, so nobody is woken."""

    url: str
    sources: frozenset[Source] = field(default=frozenset(), init=False)


Hit = RefsPushed | ArtifactPushed | PullRequestEnded


def git_sources(urls: Iterable[str]) -> frozenset[Source]:
    """A repository by each of its URLs."""
    return frozenset(Source("git", normalize_git(url)) for url in urls if url)


def oci_sources(url: str, media_type: str = "") -> frozenset[Source]:
    """An image or a chart, or either where `media_type` does not tell."""
    image = Source("image", normalize_image(url.lower()))
    chart = Source("chart", normalize_chart(url))
    if not url:
        return frozenset()
    if media_type.startswith(_CHART):
        return frozenset({chart})
    return frozenset({image}) if media_type in _IMAGES else frozenset({image, chart})
