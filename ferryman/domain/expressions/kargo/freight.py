"""Functions that look into the Freight at hand: `imageFrom(url)`, `warehouse(name)` and others.

Without an origin, the Warehouse is the one that subscribes to the repository at present; two of
them are an error that asks for an origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.kargo.records import (
    Artifact,
    Chart,
    Commit,
    Image,
    Origin,
    Record,
)
from ferryman.domain.expressions.kargo.world import Subscription, World
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image

_CACHED_URLS: Final = 2_000

NORMALIZE: Final[Mapping[str, Callable[[str], str]]] = {
    "git": lru_cache(_CACHED_URLS)(normalize_git),
    "image": lru_cache(_CACHED_URLS)(normalize_image),
    "chart": lru_cache(_CACHED_URLS)(normalize_chart),
}
"""How URLs of each kind are compared."""


def freight_functions(world: World) -> tuple[Function, ...]:
    """Return the functions that look into `world.freight`."""
    finder = _Finder(world)
    return (
        define("warehouse(string) origin", _warehouse),
        define("commitFrom(string, origin?) commit", finder.commit),
        define("imageFrom(string, origin?) image", finder.image),
        define("chartFrom(string, string|origin?, origin?) chart", finder.chart),
        define("artifactFrom(string, origin?) artifact", finder.artifact),
    )


def chart_arguments(name: Any, origin: Origin | None) -> tuple[str, Origin | None]:
    """Sort out the optional arguments of `chartFrom`: a chart's name, an origin, or both."""
    if not isinstance(name, Origin):
        return name or "", origin
    if origin is not None:
        raise Fault("chartFrom wants the chart's name before the origin")
    return "", name


def _warehouse(name: str) -> Origin:
    if not name:
        raise Fault("the name must not be empty")
    return Origin({"kind": "Warehouse", "name": name})


@dataclass(frozen=True)
class _Finder:
    world: World

    def commit(self, url: str, origin: Origin | None = None) -> Record | None:
        return self._revision(Commit, "commits", _repository("git", url), origin)

    def image(self, url: str, origin: Origin | None = None) -> Record | None:
        return self._revision(Image, "images", _repository("image", url), origin)

    def chart(self, url: str, name: Any = None, origin: Origin | None = None) -> Record | None:
        chart, chosen = chart_arguments(name, origin)
        wanted = _repository("chart", url, chart)
        if chosen is None and not self._subscribers(wanted):
            raise Fault("no Warehouse whose Freight is requested subscribes to this chart")
        return self._revision(Chart, "charts", wanted, chosen)

    def artifact(self, name: str, origin: Origin | None = None) -> Record | None:
        return self._revision(Artifact, "artifacts", _Wanted("artifact", name=name), origin)

    def _revision(
        self, record: type[Record], entries: str, wanted: _Wanted, origin: Origin | None
    ) -> Record | None:
        warehouse = origin.member("Name") if origin else self._only_subscriber(wanted)
        for freight in self.world.freight:
            if freight["origin"]["name"] == warehouse:
                for entry in freight.get(entries) or ():
                    if wanted.is_in_freight(entry):
                        return record(entry)
        return None

    def _only_subscriber(self, wanted: _Wanted) -> str | None:
        found = self._subscribers(wanted)
        if len(found) > 1:
            raise Fault(
                f"{' and '.join(dict.fromkeys(found))} could each provide this; "
                f"say which one, as in warehouse('{found[0]}')"
            )
        return found[0] if found else None

    def _subscribers(self, wanted: _Wanted) -> list[str]:
        found: list[str] = []
        for warehouse in self.world.requested:
            subscriptions = self.world.subscriptions.get(warehouse)
            if subscriptions is None:
                raise Fault(
                    f"the Warehouse '{warehouse}', which the Stage requests, does not exist"
                )
            found.extend(warehouse for item in subscriptions if wanted.is_subscription(item))
        return found


@dataclass(frozen=True)
class _Wanted:
    """What is looked for: a repository and in it perhaps a chart, or a subscription's name."""

    kind: str
    url: str = ""
    name: str = ""

    def is_subscription(self, item: Subscription) -> bool:
        if self.kind == "artifact":
            return item.kind not in NORMALIZE and item.name == self.name
        return item.kind == self.kind and self._is_at(item.url, item.name)

    def is_in_freight(self, entry: Mapping[str, Any]) -> bool:
        if self.kind == "artifact":
            return bool(entry.get("subscriptionName") == self.name)
        return self._is_at(entry.get("repoURL", ""), entry.get("name") or "")

    def _is_at(self, url: str, name: str) -> bool:
        return NORMALIZE[self.kind](url) == self.url and (self.kind != "chart" or name == self.name)


def _repository(kind: str, url: str, name: str = "") -> _Wanted:
    return _Wanted(kind, NORMALIZE[kind](url), name)
