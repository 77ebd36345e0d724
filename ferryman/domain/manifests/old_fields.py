"""Fields that were called otherwise, or that nothing reads any more.

A field may only enter this table with the version or the tool that its name comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import re2

from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.warehouse import STRATEGIES

_IMAGE = "spec.subscriptions[*].image"
_GIT = "spec.subscriptions[*].git"
_CHART = "spec.subscriptions[*].chart"
_HELM_CHART = "spec.promotionMechanisms.gitRepoUpdates[*].helm.charts[*]"


def _one(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _exact(value: Any) -> Any:
    """Old `ignoreTags` held tags, not expressions."""
    tags = _one(value)
    return [f"^{re2.escape(str(tag))}$" for tag in tags] if isinstance(tags, list) else tags


@dataclass(frozen=True)
class _Renamed:
    kind: str
    at: str
    old: str
    new: str
    converted: Callable[[Any], Any] = lambda value: value


_RENAMED = (
    # Kargo below 1.9
    _Renamed("Warehouse", _IMAGE, "semverConstraint", "constraint"),
    # Kargo below 1.11, where they stopped being read
    _Renamed("Warehouse", _IMAGE, "allowTags", "allowTagsRegexes", _one),
    _Renamed("Warehouse", _IMAGE, "ignoreTags", "ignoreTagsRegexes", _exact),
    _Renamed("Warehouse", _GIT, "allowTags", "allowTagsRegexes", _one),
    _Renamed("Warehouse", _GIT, "ignoreTags", "ignoreTagsRegexes", _exact),
    # Kargo 0.x
    _Renamed("Warehouse", _IMAGE, "tagSelectionStrategy", "imageSelectionStrategy"),
    _Renamed("Warehouse", _CHART, "registryURL", "repoURL"),
    _Renamed("Freight", "charts[*]", "registryURL", "repoURL"),
    _Renamed("Stage", _HELM_CHART, "registryURL", "repository"),
    # never Kargo's, but Kargo's API server takes any field here, and people wrote it
    _Renamed("Warehouse", _IMAGE, "repo", "repoURL"),
)

_GONE = (
    # kind, place, field, what is to be known
    ("Warehouse", _IMAGE, "gitRepoURL", "nothing reads it since Kargo 1.7"),
    ("Freight", "images[*]", "gitRepoURL", "nothing reads it since Kargo 1.7"),
)

_SPELLINGS = (
    # kind, place, field, old value -> new value
    (
        "Warehouse",
        _IMAGE,
        "imageSelectionStrategy",
        {name.lower(): name for name in get_args(STRATEGIES)},
    ),
    ("Warehouse", _GIT, "commitSelectionStrategy", {"newestcommit": "NewestFromBranch"}),
)


def rename_old_fields(data: dict[str, Any], notes: Notes) -> None:
    """Give every old field its present name, in place, with a warning for each."""
    for row in _RENAMED:
        for loc, place in _mappings(data, row.kind, row.at):
            if row.old in place:
                _rename(place, loc, row, notes)
    for kind, at, field, reason in _GONE:
        for loc, place in _mappings(data, kind, at):
            if place.pop(field, None) is not None:
                notes.warn((*loc, field), f"is dropped: {reason}; leave it out")
    for kind, at, field, spellings in _SPELLINGS:
        for loc, place in _mappings(data, kind, at):
            old = place.get(field)
            new = spellings.get(old.lower(), old) if isinstance(old, str) else old
            if new != old:
                place[field] = new
                notes.warn((*loc, field), f"is {notes.shown(old)}; write {new}")


def _mappings(data: dict[str, Any], kind: str, at: str) -> Iterator[tuple[Loc, dict[str, Any]]]:
    for loc, place in places(data, at) if data["kind"] == kind else ():
        if isinstance(place, dict):
            yield loc, place


def _rename(place: dict[str, Any], loc: Loc, row: _Renamed, notes: Notes) -> None:
    value = row.converted(place.pop(row.old))
    here = (*loc, row.old)
    if row.new in place:
        notes.warn(here, f"is the old name of {row.new}, and ignored beside it; remove it")
    else:
        place[row.new] = value
        notes.warn(here, f"is an old name; write {row.new}: {notes.shown(value)}")
