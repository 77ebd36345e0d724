"""Which subscriptions a hit concerns (Kargo §7): the same repository, and a ref that is wanted.

Where in doubt, it is concerned: to look once too often costs a request, to miss it an interval.
"""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.chart_rule import chart_rule
from ferryman.domain.commit_rule import tag_rule
from ferryman.domain.errors import InvalidError
from ferryman.domain.path_filter import PathFilter
from ferryman.domain.selection import TagRule, order_tags
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.domain.warehouse import (
    GitSubscription,
    ImageSubscription,
    Subscription,
    Warehouse,
)
from ferryman.domain.webhooks.hits import ArtifactPushed, Hit, RefsPushed, Source

_BRANCH = "refs/heads/"
_TAG = "refs/tags/"
_USUAL_DEFAULTS = ("main", "master")
_MOST = 1000
"""Refs, tags or files that are looked at one by one; who sends more has everything woken."""


def source_of(subscription: Subscription) -> Source | None:
    """What it is subscribed to; None for types of the user's own."""
    if subscription.git:
        return Source("git", normalize_git(subscription.git.repo_url))
    if subscription.image:
        return Source("image", normalize_image(subscription.image.repo_url.lower()))
    if subscription.chart:
        return Source("chart", normalize_chart(subscription.chart.repo_url))
    return None


def sources_of(warehouse: Warehouse) -> Iterator[tuple[int, Source]]:
    """What a Warehouse is subscribed to, each with its place among the subscriptions."""
    for index, subscription in enumerate(warehouse.spec.subscriptions):
        source = source_of(subscription)
        if source:
            yield index, source


def concerns(hit: Hit, subscription: Subscription) -> bool:
    """Whether the subscription could find something new after that hit."""
    if source_of(subscription) not in hit.sources:
        return False
    try:
        match hit:
            case RefsPushed() if subscription.git:
                return _wants_refs(subscription.git, hit)
            case ArtifactPushed() if subscription.image:
                return _wants_tags(_image_rule(subscription.image), hit.tags)
            case ArtifactPushed() if subscription.chart:
                versions = tuple(tag.replace("_", "+") for tag in hit.tags)
                return _wants_tags(chart_rule(subscription.chart), versions)
    except InvalidError:
        return True  # a rule that cannot be used: discovery says so on the Warehouse
    return False


def _wants_refs(git: GitSubscription, hit: RefsPushed) -> bool:
    if not 0 < len(hit.refs) <= _MOST:
        return True
    rule = tag_rule(git)
    if rule:
        tags = tuple(ref.removeprefix(_TAG) for ref in hit.refs if ref.startswith(_TAG))
        return bool(tags) and _wants_tags(rule, tags)
    # Who names no branch means the default one; which that is only discovery asks (§14.58).
    wanted = (git.branch,) if git.branch else (*_USUAL_DEFAULTS, hit.default_branch)
    if not any(f"{_BRANCH}{branch}" in hit.refs for branch in wanted):
        return False
    paths = PathFilter(git.include_paths, git.exclude_paths)
    if hit.files is None or len(hit.files) > _MOST:
        return True
    return not paths or paths.accepts(hit.files)


def _wants_tags(rule: TagRule, tags: tuple[str, ...]) -> bool:
    if not 0 < len(tags) <= _MOST:
        return True
    return not set(tags).isdisjoint(order_tags(rule, tags))


def _image_rule(image: ImageSubscription) -> TagRule:
    return TagRule(
        strategy=image.image_selection_strategy,
        constraint=image.constraint,
        allow=image.allow_tags_regexes,
        ignore=image.ignore_tags_regexes,
        strict_semvers=image.strict_semvers,
    )
