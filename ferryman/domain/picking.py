"""Freight that people pick from what a Warehouse discovered; what they do not name is the newest.

A pick reads `REPO:TAG`, `REPO@DIGEST` or both for an image, `REPO@REVISION` for a commit (an id,
at least seven digits of one, or a tag), `REPO@VERSION` or `REPO/NAME@VERSION` for a chart, and
`NAME@VERSION` for what a subscription of a type of one's own found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ferryman.domain.candidate import candidate
from ferryman.domain.errors import ConflictError, InvalidError
from ferryman.domain.findings import narrowed, revisions, together
from ferryman.domain.freight import Artifact, Freight
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.domain.warehouse import (
    DiscoveredArtifacts,
    DiscoveredCommit,
    DiscoveredImage,
    Finding,
    Subscription,
    Warehouse,
)

_SHOWN = 20
"""How many revisions a refusal names."""
_SHORTEST = 7
"""Digits of a commit's id that must be given at least."""
_FORMS = {
    "image": "REPO:TAG or REPO@DIGEST",
    "git": "REPO@ID or REPO@TAG",
    "chart": "REPO@VERSION or REPO/NAME@VERSION",
    "generic": "NAME@VERSION",
}
"""How a pick of each kind of subscription is written; `generic` are all types of one's own."""


@dataclass(frozen=True)
class Picks:
    """What somebody chose, as they wrote it."""

    images: Sequence[str] = ()
    commits: Sequence[str] = ()
    charts: Sequence[str] = ()
    artifacts: Sequence[str] = ()


class _Pick(NamedTuple):
    field: str
    text: str
    revision: str
    """What follows the repository, its separator included: `:1.2.0`."""


@dataclass
class _Choice:
    """A subscription, what it found, and what was picked of that."""

    subscription: Subscription
    finding: Finding | None
    picks: list[_Pick] = field(default_factory=list)

    def complaints(self) -> Iterator[str]:
        """What keeps this from being exactly one revision."""
        title = self.subscription.title
        if len(self.picks) > 1:
            yield f"{self.picks[1].field}: {title} is picked twice, once is enough"
        elif self.finding is None or not revisions(self.finding):
            yield f"{title} has found nothing yet"
        elif not (left := revisions(self.chosen())):
            yield _unknown(self.picks[0], self.finding)
        elif self.picks and len({c.id for c in left if isinstance(c, DiscoveredCommit)}) > 1:
            pick = self.picks[0]
            yield f"{pick.field}: {pick.text} fits several commits, write more of its id"

    def chosen(self) -> Finding:
        """What it found, narrowed to the pick; raises ValueError for nothing found."""
        if self.finding is None:
            raise ValueError(f"{self.subscription.title} has found nothing")
        if not self.picks:
            return self.finding
        revision = self.picks[0].revision
        return narrowed(self.finding, lambda found: _fits(found, revision))


def picked(warehouse: Warehouse, picks: Picks) -> Freight:
    """The Freight of these picks, named by its contents.

    Raises InvalidError with all picks that were not discovered and what there is instead, and
    ConflictError when the Warehouse has yet to look at what its spec says now.
    """
    found = _seen(warehouse)
    choices = [_Choice(s, found.of(s)) for s in warehouse.spec.subscriptions]
    complaints = [*_assign(picks, choices)]
    complaints.extend(complaint for choice in choices for complaint in choice.complaints())
    if complaints:
        raise InvalidError("; ".join(complaints))
    chosen = (choice.chosen() for choice in choices)
    return candidate(warehouse, together(chosen, at=found.discovered_at))


def _seen(warehouse: Warehouse) -> DiscoveredArtifacts:
    found, status = warehouse.status.discovered_artifacts, warehouse.status
    if found is None or status.observed_generation != warehouse.metadata.generation:
        why = "has discovered nothing yet" if found is None else "was changed since it last looked"
        raise ConflictError(
            f"warehouse {warehouse.name} {why}: "
            f"run `ferryman refresh warehouse {warehouse.name} --wait`, then this again"
        )
    return found


def _assign(picks: Picks, choices: Sequence[_Choice]) -> Iterator[str]:
    """Give each pick to its subscription; yields complaints about those that have none."""
    for kind, name, texts in (
        ("image", "images", picks.images),
        ("git", "commits", picks.commits),
        ("chart", "charts", picks.charts),
        ("generic", "artifacts", picks.artifacts),
    ):
        of_kind = [choice for choice in choices if _kind(choice.subscription) == kind]
        for index, text in enumerate(texts):
            at = f"{name}[{index}]"
            for choice in of_kind:
                if revision := _revision(text, choice.subscription):
                    choice.picks.append(_Pick(at, text, revision))
                    break
            else:
                there = ", ".join(choice.subscription.title for choice in of_kind) or "none"
                yield (
                    f"{at}: {text} is of no {kind} subscription of the warehouse; "
                    f"there are: {there}; write {_FORMS[kind]}"
                )


def _kind(subscription: Subscription) -> str:
    return subscription.type if subscription.type in _FORMS else "generic"


def _revision(text: str, subscription: Subscription) -> str:
    """What follows the subscription's repository in a pick; "" when it is of another."""
    separators = ":@" if subscription.image else "@"
    for index, sign in enumerate(text):
        in_place = sign in separators and text[index + 1 :]
        if in_place and _is_of(text[:index], subscription):
            return text[index:]
    return ""


def _is_of(url: str, subscription: Subscription) -> bool:
    if image := subscription.image:
        return normalize_image(url.lower()) == normalize_image(image.repo_url.lower())
    if git := subscription.git:
        return normalize_git(url) == normalize_git(git.repo_url)
    if chart := subscription.chart:
        return normalize_chart(url) == normalize_chart(chart.repo_url, chart.name)
    return url == subscription.name


def _fits(found: Any, revision: str) -> bool:
    """Is this the revision that was picked?"""
    wanted = revision[1:]
    match found:
        case DiscoveredImage():
            tag, _, digest = ("", "", wanted) if revision[0] == "@" else wanted.partition("@")
            return tag in {"", found.tag} and digest in {"", found.digest}
        case DiscoveredCommit():
            by_id = len(wanted) >= _SHORTEST and found.id.startswith(wanted.lower())
            return by_id or found.tag == wanted
        case Artifact():
            return found.version == wanted
        case version:
            return bool(version == wanted)


def _unknown(pick: _Pick, finding: Finding) -> str:
    names = [_called(found) for found in revisions(finding)]
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    there = ", ".join(names[:_SHOWN]) + more
    return f"{pick.field}: {pick.text} was not discovered; there are: {there}"


def _called(found: Any) -> str:
    match found:
        case DiscoveredImage():
            return found.tag
        case DiscoveredCommit():
            return found.tag or found.id[:12]
        case Artifact():
            return found.version
        case version:
            return str(version)
