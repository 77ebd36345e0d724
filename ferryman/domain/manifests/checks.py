"""What a well-formed object can still have wrong, seen by itself."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from typing import Any

from ferryman.domain.chart_rule import chart_rule
from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.commit_rule import CommitRule
from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc
from ferryman.domain.manifests.step_lists import check_steps
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Resource
from ferryman.domain.selection import TagRule
from ferryman.domain.stage import RequestedFreight, Stage
from ferryman.domain.subscription_kind import BUILT_IN, SubscriptionKind
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Subscription, Warehouse
from ferryman.domain.webhooks.checks import check_receivers

_OTHER_NAMES = {"dockerImage": "image", "helm": "chart"}
"""Types that people have made up, and what they meant."""


def check(resource: Resource, notes: Notes) -> None:
    """Say what will not work, or not as it looks."""
    for kind, checked in _CHECKS:
        if isinstance(resource, kind):
            checked(resource, notes)


def _project(project: Project, notes: Notes) -> None:
    if project.spec.promotion_policies:
        notes.warn(
            ("spec", "promotionPolicies"),
            "moved in Kargo 1.5: write it as spec.promotionPolicies of "
            f"kind: ProjectConfig, metadata.name: {project.name}",
        )


def _warehouse(warehouse: Warehouse, notes: Notes) -> None:
    for index, subscription in enumerate(warehouse.spec.subscriptions):
        loc: Loc = ("spec", "subscriptions", index)
        _subscription(subscription, loc, notes)


def _subscription(subscription: Subscription, loc: Loc, notes: Notes) -> None:
    if image := subscription.image:
        rule = TagRule(
            strategy=image.image_selection_strategy,
            constraint=image.constraint,
            allow=image.allow_tags_regexes,
            ignore=image.ignore_tags_regexes,
            strict_semvers=image.strict_semvers,
        )
        _hold((*loc, "image"), notes, rule.check)
    elif git := subscription.git:
        _hold((*loc, "git"), notes, partial(CommitRule, git))
    elif chart := subscription.chart:
        _hold((*loc, "chart"), notes, partial(chart_rule, chart))
        oci = chart.repo_url.startswith("oci://")
        if oci == bool(chart.name):
            says = "leave it out beside oci://" if oci else "is missing beside https://; write it"
            notes.refuse((*loc, "chart", "name"), says)
    else:
        _generic(subscription, loc, notes)


def _hold(loc: Loc, notes: Notes, check: Callable[[], object]) -> None:
    """Refuse patterns and constraints that do not hold water."""
    try:
        check()
    except InvalidError as error:
        notes.refuse(loc, str(error))


def _generic(subscription: Subscription, loc: Loc, notes: Notes) -> None:
    given = subscription.type
    meant = get_close_matches(given, BUILT_IN, 1)
    known = _OTHER_NAMES.get(given) or (meant[0] if meant else "")
    if known:
        notes.warn(
            (*loc, given),
            f"is a subscription type of your own; for what Kargo knows, write {known}: "
            "{repoURL: …}",
        )
    if not subscription.name:
        notes.refuse((*loc, "name"), f"is missing; a subscription of type {given} needs one")
    try:
        subscription.generic()
    except InvalidError as error:
        notes.warn((*loc, given), f"{error}; until then it finds nothing")


def _subscription_kind(kind: SubscriptionKind, notes: Notes) -> None:
    if kind.name in BUILT_IN:
        notes.refuse(("metadata", "name"), f"is {kind.name}, which is built in; choose another")


def _stage(stage: Stage, notes: Notes) -> None:
    for index, request in enumerate(stage.spec.requested_freight):
        _request(request, ("spec", "requestedFreight", index, "sources"), notes)
    check_steps(stage.spec.steps, ("spec", "promotionTemplate", "spec", "steps"), notes)


def _task(task: PromotionTask | ClusterPromotionTask, notes: Notes) -> None:
    check_steps(task.spec.steps, ("spec", "steps"), notes, in_task=True)


def _request(request: RequestedFreight, loc: Loc, notes: Notes) -> None:
    sources = request.sources
    options = sources.auto_promotion_options
    if not sources.direct and not sources.stages:
        notes.warn(loc, "is empty, so that no Freight can enter; write direct: true, or stages")
    one_upstream = len(sources.stages) == 1 and not sources.direct
    if options and options.selection_policy == "MatchUpstream" and not one_upstream:
        notes.refuse(
            (*loc, "autoPromotionOptions", "selectionPolicy"),
            "MatchUpstream needs exactly one entry in stages, and no direct: true",
        )


def _config(config: ProjectConfig | ClusterConfig, notes: Notes) -> None:
    for place, finding in check_receivers(config.spec.webhook_receivers):
        notes.refuse(("spec", "webhookReceivers", *place), str(finding))


_CHECKS: tuple[tuple[type[Any], Callable[[Any, Notes], None]], ...] = (
    (Project, _project),
    (ProjectConfig, _config),
    (ClusterConfig, _config),
    (Warehouse, _warehouse),
    (SubscriptionKind, _subscription_kind),
    (Stage, _stage),
    (PromotionTask, _task),
    (ClusterPromotionTask, _task),
)
