"""Which subscriptions a hit concerns."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.warehouse import Subscription
from ferryman.domain.webhooks.hits import (
    ArtifactPushed,
    RefsPushed,
    git_sources,
    oci_sources,
)
from ferryman.domain.webhooks.matching import concerns

URL = "https://git.example/acme/shop.git"
MAIN, DEVELOP = "refs/heads/main", "refs/heads/develop"


def _git(**fields: Any) -> Subscription:
    return Subscription.load({"git": {"repoURL": URL, **fields}})


def _image(**fields: Any) -> Subscription:
    return Subscription.load({"image": {"repoURL": "ghcr.io/acme/shop", **fields}})


def _pushed(*refs: str, files: frozenset[str] | None = None, default: str = "") -> RefsPushed:
    return RefsPushed(git_sources([URL]), refs, files, default)


def _tagged(*tags: str) -> ArtifactPushed:
    return ArtifactPushed(oci_sources("ghcr.io/acme/shop"), tags)


@pytest.mark.parametrize(
    ("fields", "ref", "wanted"),
    [
        ({"branch": "main"}, MAIN, True),
        ({"branch": "main"}, DEVELOP, False),
        ({"branch": "main"}, "refs/tags/main", False),
        ({"branch": "feature/a"}, "refs/heads/feature/a", True),
        ({}, MAIN, True),
        ({}, "refs/heads/master", True),
        ({}, DEVELOP, False),
        ({"commitSelectionStrategy": "NewestTag"}, "refs/tags/anything", True),
        ({"commitSelectionStrategy": "NewestTag"}, MAIN, False),
        ({"commitSelectionStrategy": "Lexical", "allowTagsRegexes": ["^r"]}, "refs/tags/v1", False),
        ({"commitSelectionStrategy": "SemVer", "semverConstraint": "^1"}, "refs/tags/v1.2.3", True),
        (
            {"commitSelectionStrategy": "SemVer", "semverConstraint": "^1"},
            "refs/tags/v2.0.0",
            False,
        ),
        ({"commitSelectionStrategy": "SemVer"}, "refs/tags/nightly", False),
    ],
)
def test_refs(fields: dict[str, Any], ref: str, *, wanted: bool) -> None:
    """A branch must be the one that is followed, a tag one that the rule accepts."""
    assert concerns(_pushed(ref), _git(**fields)) is wanted


def test_the_payloads_default_branch_counts_too() -> None:
    """Who names no branch is woken for main, master and what the sender calls the default."""
    assert concerns(_pushed(DEVELOP, default="develop"), _git())
    assert concerns(_pushed(MAIN, default="develop"), _git())
    assert not concerns(_pushed(DEVELOP, default="develop"), _git(branch="main"))


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (frozenset({"apps/web/values.yaml"}), True),
        (frozenset({"apps/webserver/values.yaml"}), False),
        (frozenset({"apps/web/README.md"}), False),
        (frozenset({"apps/web/README.md", "apps/web/a.yaml"}), True),
        (None, True),
        (frozenset(map(str, range(5000))), True),
    ],
)
def test_changed_files(files: frozenset[str] | None, *, wanted: bool) -> None:
    """Of a push that says what it changed, something must be included and not excluded."""
    git = _git(includePaths=["apps/web"], excludePaths=["regex:md$"])
    assert concerns(_pushed(MAIN, files=files), git) is wanted


@pytest.mark.parametrize(
    ("fields", "tag", "wanted"),
    [
        ({}, "1.2.3", True),
        ({}, "latest", False),
        ({"constraint": "^1"}, "2.0.0", False),
        ({"imageSelectionStrategy": "Digest", "constraint": "latest"}, "latest", True),
        ({"imageSelectionStrategy": "Digest", "constraint": "latest"}, "main", False),
        ({"imageSelectionStrategy": "NewestBuild", "ignoreTagsRegexes": ["^pr-"]}, "pr-1", False),
        ({"imageSelectionStrategy": "NewestBuild", "ignoreTagsRegexes": ["^pr-"]}, "main", True),
    ],
)
def test_image_tags(fields: dict[str, Any], tag: str, *, wanted: bool) -> None:
    """A tag must be one that the strategy could choose."""
    assert concerns(_tagged(tag), _image(**fields)) is wanted


def test_chart_versions() -> None:
    """A version of a chart must satisfy the constraint; `_` stands for `+` in a tag."""
    chart = Subscription.load(
        {"chart": {"repoURL": "oci://ghcr.io/acme/shop", "semverConstraint": "^1"}}
    )
    assert concerns(_tagged("1.0.0_build.5"), chart)
    assert not concerns(_tagged("2.0.0"), chart)


def test_what_is_not_said_concerns_everybody() -> None:
    """Without refs or tags, the repository alone decides; the same where there are too many."""
    assert concerns(_pushed(), _git(branch="release"))
    assert concerns(_tagged(), _image(constraint="^9"))
    assert concerns(_tagged(*map(str, range(2000))), _image(constraint="^9000"))
    assert not concerns(_pushed(), _image())


def test_a_rule_that_cannot_be_used_is_concerned() -> None:
    """Discovery is what tells of it, so it must run."""
    assert concerns(_tagged("1.0.0"), _image(constraint="not a constraint"))
