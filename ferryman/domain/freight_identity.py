"""A Freight's name: a hash of where it comes from and what is in it.

It is the SHA-1 that Kargo computes (§1.5), so that the same bundle has the same name in both.
Branch, message, author, annotations and metadata do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha1
from pathlib import PurePosixPath

from ferryman.domain.freight import Artifact, Chart, Commit, Image
from ferryman.domain.urls import normalize_chart, normalize_git


def freight_name(
    origin_kind: str,
    origin_name: str,
    *,
    commits: Iterable[Commit] = (),
    images: Iterable[Image] = (),
    charts: Iterable[Chart] = (),
    artifacts: Iterable[Artifact] = (),
) -> str:
    """Return the 40 hexadecimal digits that name a Freight; the artifacts' order is immaterial."""
    parts = [
        *map(_commit, commits),
        *map(_image, images),
        *map(_chart, charts),
        *map(_artifact, artifacts),
    ]
    contents = f"{origin_kind}/{origin_name}:{'|'.join(sorted(parts))}"
    return sha1(contents.encode(), usedforsecurity=False).hexdigest()


def _commit(commit: Commit) -> str:
    revision = f"{commit.tag}:{commit.id}" if commit.tag else commit.id
    return _named(f"{normalize_git(commit.repo_url)}:{revision}", commit.subscription_name)


def _image(image: Image) -> str:
    """Unlike the others, the repository stays as it was written."""
    return _named(f"{image.repo_url}:{image.tag}@{image.digest}", image.subscription_name)


def _chart(chart: Chart) -> str:
    """Join repository and name as a path, as Kargo does: `https://` becomes `https:/`."""
    path = PurePosixPath(normalize_chart(chart.repo_url), chart.name)
    return _named(f"{path}:{chart.version}", chart.subscription_name)


def _artifact(artifact: Artifact) -> str:
    return f"{artifact.artifact_type}:{artifact.subscription_name}:{artifact.version}"


def _named(part: str, subscription_name: str) -> str:
    return f"{part}:{subscription_name}" if subscription_name else part
