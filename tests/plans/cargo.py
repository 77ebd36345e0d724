"""Cargo: plausible Freight for a Stage, of what its expressions ask for."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ferryman.domain.freight import Chart, Commit, Freight, Image, Origin
from ferryman.domain.resource import Metadata
from ferryman.domain.warehouse import Warehouse
from tests.plans.cases import Case

COMMIT: Final = "c0ffee0" * 5 + "c0ffe"
VERSION: Final = "1.2.3"

_ASKED = re.compile(r"\b(imageFrom|commitFrom|chartFrom)\(((?:[^()]|\([^()]*\))*)\)")
_ARGUMENT = re.compile(r"""\s*(warehouse\()?\s*(?:\\?["'](?P<text>[^"'\\]*)|vars\.(?P<var>\w+))""")


@dataclass
class Hold:
    """What one Warehouse has."""

    images: dict[str, Image] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    charts: dict[tuple[str, str], Chart] = field(default_factory=dict)

    def subscriptions(self) -> list[dict[str, Any]]:
        """What brings it."""
        charts = [{"chart": {"repoURL": url, "name": name}} for url, name in self.charts]
        images: list[dict[str, Any]] = [{"image": {"repoURL": url}} for url in self.images]
        return [*images, *({"git": {"repoURL": url}} for url in self.commits), *charts] or [
            {"image": {"repoURL": "made/for-it"}}
        ]


@dataclass
class Cargo:
    """Freight of every origin that a Stage asks for, and Warehouses that would have made it."""

    case: Case
    heads: Mapping[str, str] = field(default_factory=dict)
    """Each repository's commit, where there are repositories."""
    holds: dict[str, Hold] = field(default_factory=dict)

    def __post_init__(self) -> None:
        origins = [r.origin.name for r in self.case.stage.spec.requested_freight]
        self.holds = {name: Hold() for name in origins}
        for warehouse in self.known():
            for subscription in warehouse.spec.subscriptions:
                hold = self.holds[warehouse.name]
                if subscription.image:
                    self._image(hold, subscription.image.repo_url)
                elif subscription.git:
                    self._commit(hold, subscription.git.repo_url)
                elif subscription.chart:
                    self._chart(hold, subscription.chart.repo_url, subscription.chart.name)
        if len(list(self.known())) < len(self.holds):
            self._guess(origins)

    def known(self) -> Iterator[Warehouse]:
        """Those Warehouses that are declared beside the Stage."""
        found: set[str] = set()
        for warehouse in self.case.warehouses:
            if warehouse.name in self.holds and warehouse.name not in found:
                found.add(warehouse.name)
                yield warehouse

    @property
    def images(self) -> list[str]:
        """Every image that is on board."""
        return [url for hold in self.holds.values() for url in hold.images]

    def warehouses(self, project: str) -> list[Warehouse]:
        """One for each origin."""
        return [
            Warehouse(
                metadata=Metadata(name=name, namespace=project),
                spec={"subscriptions": hold.subscriptions()},
            )
            for name, hold in self.holds.items()
        ]

    def freight(self, project: str) -> list[Freight]:
        """One for each origin."""
        return [
            Freight(
                metadata=Metadata(name=f"{number:x}cab00d1e".rjust(40, "a"), namespace=project),
                alias=f"made-{number}",
                origin=Origin(name=name),
                images=tuple(hold.images.values()),
                commits=tuple(hold.commits.values()),
                charts=tuple(hold.charts.values()),
            )
            for number, (name, hold) in enumerate(self.holds.items(), start=1)
        ]

    def _guess(self, origins: Sequence[str]) -> None:
        """Load what the expressions ask for, where no Warehouse says what there is."""
        spec = self.case.stage.spec.dump()
        tasks = [task.spec.dump() for task in self.case.tasks]
        text = json.dumps([spec, tasks])
        values = _values([spec, *tasks])
        for function, given in _ASKED.findall(text):
            arguments = [_meant(a, values) for a in _split(given)]
            places = [names for is_origin, names in arguments if is_origin]
            for found in itertools.product(
                *(names for is_origin, names in arguments if not is_origin)
            ):
                for origin in places[0] if places else origins[:1]:
                    self._load(self.holds.setdefault(origin, Hold()), function, found)

    def _load(self, hold: Hold, function: str, found: Sequence[str]) -> None:
        if function == "imageFrom":
            self._image(hold, found[0])
        elif function == "commitFrom":
            self._commit(hold, found[0])
        else:
            self._chart(hold, found[0], found[1] if len(found) > 1 else "")

    def _image(self, hold: Hold, url: str) -> None:
        digest = "sha256:" + "5" * 64
        hold.images[url] = Image(repo_url=url, tag=f"v{VERSION}", digest=digest)

    def _commit(self, hold: Hold, url: str) -> None:
        hold.commits[url] = Commit(
            repo_url=url,
            id=self.heads.get(url, COMMIT),
            branch="main",
            message="Better",
            author="Ann <a@b.c>",
        )

    def _chart(self, hold: Hold, url: str, name: str) -> None:
        hold.charts[url, name] = Chart(repo_url=url, name=name, version=VERSION)


def _values(specs: Sequence[Any]) -> Mapping[str, set[str]]:
    """Every literal that a var of that name has anywhere."""
    found: dict[str, set[str]] = {}
    for spec in specs:
        for entry in _everything(spec):
            name, value = entry.get("name"), entry.get("value")
            if isinstance(name, str) and isinstance(value, str) and value and "${" not in value:
                found.setdefault(name, set()).add(value)
    return found


def _everything(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    if isinstance(data, list | tuple):
        for entry in data:
            yield from _everything(entry)


def _split(arguments: str) -> list[str]:
    return re.split(r",(?![^()]*\))", arguments)


def _meant(argument: str, values: Mapping[str, set[str]]) -> tuple[bool, list[str]]:
    """Whether it names an origin, and what it may be."""
    found = _ARGUMENT.match(argument)
    if found is None:
        return False, []
    if found["var"]:
        return bool(found[1]), sorted(values.get(found["var"], ()))
    return bool(found[1]), [found["text"]]
