"""Findings of a Warehouse, narrowed to the revisions that people chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ferryman.domain.generic import ArtifactDiscovery
from ferryman.domain.warehouse import (
    ChartDiscovery,
    DiscoveredArtifacts,
    Finding,
    GitDiscovery,
    ImageDiscovery,
)

_REVISIONS: dict[type[Finding], str] = {
    GitDiscovery: "commits",
    ImageDiscovery: "references",
    ChartDiscovery: "versions",
    ArtifactDiscovery: "artifact_references",
}
"""Where each kind of finding keeps its revisions."""


def revisions(finding: Finding) -> tuple[Any, ...]:
    """What was found, best first: commits, image references, or versions of a chart."""
    return tuple(getattr(finding, _REVISIONS[type(finding)]))


def narrowed(finding: Finding, fits: Callable[[Any], bool]) -> Finding:
    """The finding with those revisions only that fit; there may be none."""
    kept = tuple(filter(fits, revisions(finding)))
    return finding.model_copy(update={_REVISIONS[type(finding)]: kept})


def together(findings: Iterable[Finding], *, at: datetime) -> DiscoveredArtifacts:
    """Several findings as what was discovered."""
    every = tuple(findings)
    return DiscoveredArtifacts(
        discovered_at=at,
        git=tuple(f for f in every if isinstance(f, GitDiscovery)),
        images=tuple(f for f in every if isinstance(f, ImageDiscovery)),
        charts=tuple(f for f in every if isinstance(f, ChartDiscovery)),
        results=tuple(f for f in every if isinstance(f, ArtifactDiscovery)),
    )
