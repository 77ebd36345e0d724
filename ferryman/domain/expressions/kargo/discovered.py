"""The freight functions of `freightCreationCriteria`: they look at what was just discovered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.kargo.freight import NORMALIZE
from ferryman.domain.expressions.kargo.records import (
    Artifact,
    Chart,
    DiscoveredCommit,
    DiscoveredImage,
    Record,
)

Entry = Mapping[str, Any]


def discovered_functions(discovered: Mapping[str, Any]) -> tuple[Function, ...]:
    """Return the functions over a Warehouse's `discoveredArtifacts`, with Kargo's field names.

    Each gives the first, that is the best, of what was found; nil if there is nothing.
    """
    newest = _Newest(discovered)
    return (
        define("commitFrom(string) any", newest.commit),
        define("imageFrom(string) any", newest.image),
        define("chartFrom(string, string?) any", newest.chart),
        define("artifactFrom(string) any", newest.artifact),
    )


@dataclass(frozen=True)
class _Newest:
    discovered: Mapping[str, Any]

    def commit(self, url: str) -> Record | None:
        found = self._first(self._at("git", "git", url), "commits")
        return DiscoveredCommit(found) if found else None

    def image(self, url: str) -> Record | None:
        found = self._first(self._at("image", "images", url), "references")
        return DiscoveredImage(found) if found else None

    def chart(self, url: str, name: str = "") -> Record | None:
        for entry in self._at("chart", "charts", url):
            if entry.get("versions") and name in ("", entry.get("name") or ""):
                return Chart({**entry, "version": entry["versions"][0]})
        return None

    def artifact(self, name: str) -> Record | None:
        entries = self.discovered.get("results") or ()
        named = (entry for entry in entries if entry.get("subscriptionName") == name)
        found = self._first(named, "artifactReferences")
        return Artifact(found) if found else None

    def _at(self, kind: str, key: str, url: str) -> Iterator[Entry]:
        normalize = NORMALIZE[kind]
        for entry in self.discovered.get(key) or ():
            if normalize(entry["repoURL"]) == normalize(url):
                yield entry

    @staticmethod
    def _first(entries: Iterator[Entry], key: str) -> Any:
        lists: Iterator[Sequence[Entry]] = (entry.get(key) or () for entry in entries)
        return next((found[0] for found in lists if found), None)
