"""What a well-formed object can still have wrong, seen by itself."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc
from ferryman.domain.project import Project
from ferryman.domain.resource import Resource
from ferryman.domain.selection import TagRule
from ferryman.domain.stage import RequestedFreight, Stage
from ferryman.domain.step import Step
from ferryman.domain.warehouse import Subscription, Warehouse

_BUILT_IN = ("image", "git", "chart")
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
        try:
            rule.check()
        except InvalidError as error:
            notes.refuse((*loc, "image"), str(error))
    elif chart := subscription.chart:
        oci = chart.repo_url.startswith("oci://")
        if oci == bool(chart.name):
            says = "leave it out beside oci://" if oci else "is missing beside https://; write it"
            notes.refuse((*loc, "chart", "name"), says)
    elif subscription.type not in _BUILT_IN:
        _generic(subscription, loc, notes)


def _generic(subscription: Subscription, loc: Loc, notes: Notes) -> None:
    given = subscription.type
    meant = get_close_matches(given, _BUILT_IN, 1)
    known = _OTHER_NAMES.get(given) or (meant[0] if meant else "")
    advice = f"; for what Kargo knows, write {known}: {{repoURL: …}}" if known else ""
    notes.warn((*loc, given), f"is kept as a subscription type of your own{advice}")
    if not subscription.name:
        notes.refuse((*loc, "name"), f"is missing; a subscription of type {given} needs one")


def _stage(stage: Stage, notes: Notes) -> None:
    for index, request in enumerate(stage.spec.requested_freight):
        _request(request, ("spec", "requestedFreight", index, "sources"), notes)
    steps: Loc = ("spec", "promotionTemplate", "spec", "steps")
    for index, step in enumerate(stage.spec.steps):
        _step(step, (*steps, index), notes)


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


def _step(step: Step, loc: Loc, notes: Notes) -> None:
    if bool(step.uses) == bool(step.task):
        notes.refuse(loc, "give exactly one of uses and task")
    elif step.task:
        beside: dict[str, Any] = {
            "if": step.if_,
            "config": step.config,
            "retry": step.retry,
            "continueOnError": step.continue_on_error,
        }
        for field in [name for name, value in beside.items() if value]:
            notes.refuse((*loc, field), "is not read beside task; only as and vars are")


_CHECKS: tuple[tuple[type[Any], Callable[[Any, Notes], None]], ...] = (
    (Project, _project),
    (Warehouse, _warehouse),
    (Stage, _stage),
)
