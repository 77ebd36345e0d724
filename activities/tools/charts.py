"""Helm charts: what Chart.yaml says of their dependencies, and bringing them together."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from activities.kinds import ChartRepositories
from activities.tools import lenient_yaml
from activities.tools.replica import Replica
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import ChartRepository

CHART = "Chart.yaml"
LOCK = "Chart.lock"
_FILE = "file://"


@dataclass(frozen=True)
class Dependency:
    """A chart that another one depends on."""

    name: str
    version: str
    repository: str

    @property
    def is_remote(self) -> bool:
        """Whether its repository has to be asked."""
        return self.repository.startswith(("oci://", "https://", "http://"))

    @property
    def folder(self) -> str | None:
        """Where it stands, from the folder of the chart that depends on it; None for others."""
        local = self.repository.startswith(_FILE)
        return self.repository.removeprefix(_FILE) if local else None


def dependencies(content: bytes, file: str = CHART) -> list[Dependency]:
    """The dependencies that Chart.yaml or Chart.lock lists; raises InvalidError for no YAML."""
    data = lenient_yaml.read(content, file)
    entries = data.get("dependencies") if isinstance(data, dict) else None
    return [_dependency(e) for e in entries or () if isinstance(e, dict)]


async def take_chart(replica: Replica, path: str) -> list[Dependency]:
    """Copy the chart in the folder `path` and those beside it that it depends on.

    Raises InvalidError for a folder without Chart.yaml, and what lies outside of the work tree.
    """
    await replica.take(path, field="path")
    file = replica.place(path, field="path") / CHART
    if not file.is_file():
        raise InvalidError(f"{path!r} has no {CHART}", field="path")
    found = dependencies(file.read_bytes(), posixpath.join(path, CHART))
    for folder in filter(None, (dependency.folder for dependency in found)):
        await replica.take(posixpath.join(path, folder), field=f"{CHART}: dependencies")
    return found


async def repositories(
    found: Sequence[Dependency], charts: ChartRepositories
) -> list[ChartRepository]:
    """The repositories of dependencies, with the Project's credentials for them."""
    return [await charts(d.repository, d.name) for d in found if d.is_remote]


def _dependency(entry: dict[str, Any]) -> Dependency:
    fields = (entry.get(key) for key in ("name", "version", "repository"))
    return Dependency(*("" if field is None else str(field) for field in fields))
