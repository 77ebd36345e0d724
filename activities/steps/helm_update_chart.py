"""helm-update-chart: set versions of a chart's dependencies, and fetch them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.chart_dependencies import fetch, packages_in
from activities.tools.charts import CHART, LOCK, Dependency, dependencies, take_chart
from activities.tools.paths import TreePath
from activities.tools.replica import replica
from activities.tools.yaml_edit import Update, update_yaml
from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError


class ChartConfig(StepConfig):
    """One dependency's new version."""

    repository: str = Field(min_length=1)
    """As it stands in Chart.yaml."""
    name: str = Field(min_length=1)
    """As it stands in Chart.yaml."""
    version: str = Field(min_length=1)
    """A version, or a range of versions."""


class Config(StepConfig):
    """Which chart, and the versions of its dependencies."""

    path: TreePath = Field(min_length=1)
    """The folder with Chart.yaml."""
    charts: tuple[ChartConfig, ...] | None = Field(default=None, min_length=1)
    """None: what Chart.yaml says stays, and the newest that it allows is taken."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Edit and fetch in a replica, and bring back what has changed."""
    async with replica(context.workspace) as copy:
        await take_chart(copy, config.path)
        chart = copy.place(config.path, field="path")
        before = _locked(chart)
        edited = with_versions((chart / CHART).read_bytes(), config.charts or ())
        await asyncio.to_thread((chart / CHART).write_bytes, edited)
        found = dependencies(edited)
        pins = await fetch(found, chart, copy, context, update=True) if found else {}
        await _bring_back(context.workspace, config.path, chart)
        changes = _changes(before, _locked(chart))
    for change in changes:
        context.log(f"{config.path}: {change}")
    lines = "".join(f"\n- {change}" for change in changes)
    message = f"Updated chart dependencies for {config.path}\n{lines}" if changes else ""
    return StepResult(output={"commitMessage": message} if message else {}, pins=pins)


def with_versions(content: bytes, charts: Sequence[ChartConfig]) -> bytes:
    """Chart.yaml with the new versions; raises InvalidError for what it does not depend on.

    Of dependencies on one chart, by aliases, the first gets the version, as with Kargo.
    """
    found = dependencies(content)
    updates = []
    for chart in charts:
        wanted = (chart.repository, chart.name)
        places = (place for place, d in enumerate(found) if (d.repository, d.name) == wanted)
        place = next(places, None)
        if place is None:
            known = "; ".join(f"{d.name} from {d.repository!r}" for d in found) or "nothing"
            message = f"{CHART} has no dependency {chart.name} from {chart.repository!r}"
            raise InvalidError(f"{message}; it has {known}", field="charts")
        updates.append(Update(f"dependencies.{place}.version", chart.version))
    return update_yaml(content, updates) if updates else content


async def _bring_back(workspace: Workspace, path: str, chart: Path) -> None:
    """Write what helm made to the tree; packages that it removed go from there, too."""
    packages = {package.name: package for package in packages_in(chart)}
    there = await workspace.bring(str(PurePosixPath(path, "charts")))
    for old in await asyncio.to_thread(packages_in, there.parent):
        if old.name not in packages:
            await asyncio.to_thread(old.unlink)
    files = {CHART: chart / CHART, LOCK: chart / LOCK}
    files |= {f"charts/{name}": package for name, package in packages.items()}
    for name, file in files.items():
        if file.is_file():
            content = await asyncio.to_thread(file.read_bytes)
            await workspace.write(str(PurePosixPath(path, name)), content)


def _locked(chart: Path) -> dict[str, str]:
    """The versions that Chart.lock holds."""
    lock = chart / LOCK
    found: list[Dependency] = dependencies(lock.read_bytes(), LOCK) if lock.is_file() else []
    return {dependency.name: dependency.version for dependency in found}


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    lines = []
    for name, version in sorted(after.items()):
        old = before.get(name)
        if old != version:
            lines.append(f"{name}: {old} -> {version}" if old else f"{name}: {version}")
    return lines


KIND = StepKind(
    kind="helm-update-chart",
    summary="Set versions of a chart's dependencies in Chart.yaml, and fetch them.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commitMessage": "the versions that changed, as a message for git-commit"},
    example="""
- uses: helm-update-chart
  as: update
  config:
    path: ./src/charts/umbrella
    charts:
    - repository: https://charts.example.com
      name: shop
      version: ${{ quote(chartFrom("https://charts.example.com", "shop").Version) }}
""",
)
