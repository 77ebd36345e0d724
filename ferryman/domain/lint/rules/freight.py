"""Whether Freight ever reaches a Stage, and policies a Stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferryman.domain.durations import parse_duration
from ferryman.domain.errors import InvalidError
from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.project import PromotionPolicyRule
from ferryman.domain.stage import RequestedFreight, Stage


def _starved(given: Given) -> Iterator[Found]:
    for subject in given.of("Stage"):
        if isinstance(subject.resource, Stage):
            for index, request in enumerate(subject.resource.spec.requested_freight):
                loc: Loc = ("spec", "requestedFreight", index, "sources")
                for field, text in _why(given, subject.resource, request):
                    yield Found(subject, (*loc, *field), text)


def _why(given: Given, stage: Stage, request: RequestedFreight) -> Iterator[tuple[Loc, str]]:
    sources = request.sources
    if sources.direct or not sources.stages:
        return
    if not _begins(given, stage, request, frozenset()):
        text = f"no chain of these Stages begins at {request.origin}: one must have direct: true"
        yield ("stages",), text
        return
    joints = [name for name in sources.stages if _is_joint(given, stage.project, name)]
    needed = 1 if sources.availability_strategy == "All" else len(sources.stages)
    if len(joints) >= needed and _soaks(sources.required_soak_time):
        text = (
            f"Freight never soaks in {', '.join(joints)}, which has no steps, so that none gets "
            "here; name the Stages before it, or leave the time out"
        )
        yield ("requiredSoakTime",), text


def _begins(
    given: Given, stage: Stage, request: RequestedFreight | None, seen: frozenset[str]
) -> bool:
    """Does the origin's Freight come this way? Stages that are not given are believed."""
    if request is None or stage.name in seen:
        return False
    if request.sources.direct:
        return True
    for name in request.sources.stages:
        above = given.find("Stage", stage.project, name)
        if above is None or not isinstance(above.resource, Stage):
            return True
        asked = above.resource.spec.request(request.origin)
        if _begins(given, above.resource, asked, seen | {stage.name}):
            return True
    return False


def _is_joint(given: Given, project: str, name: str) -> bool:
    above = given.find("Stage", project, name)
    return above is not None and not above.steps


def _soaks(duration: str | None) -> bool:
    try:
        return bool(duration and parse_duration(duration))
    except InvalidError:
        return False


def _idle_policies(given: Given) -> Iterator[Found]:
    for subject in [*given.of("ProjectConfig"), *given.of("Project")]:
        project = subject.resource.project or subject.resource.name
        stages = given.of("Stage", project)
        rules: tuple[PromotionPolicyRule, ...] = _rules(subject.resource)
        written = [loc for loc, _ in places(subject.data, "spec.promotionPolicies[*]")]
        for loc, rule in zip(written, rules, strict=True) if stages else ():
            if not any(rule.matches(s.resource.name, s.resource.metadata.labels) for s in stages):
                names = ", ".join(sorted(s.resource.name for s in stages))
                yield Found(subject, loc, f"matches no Stage that is given: {names}")


def _rules(resource: Any) -> tuple[PromotionPolicyRule, ...]:
    rules: tuple[PromotionPolicyRule, ...] = resource.spec.promotion_policies
    return rules


RULES = (
    Rule("no-freight", Severity.WARNING, "No Freight can ever get into the Stage.", _starved),
    Rule("idle-policy", Severity.WARNING, "A policy matches no Stage.", _idle_policies),
)
