"""helm-template: render a chart to a file or a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.chart_dependencies import fetch
from activities.tools.charts import take_chart
from activities.tools.helm_values import from_assignments, from_files
from activities.tools.manifests import is_file, put_all, put_rendered
from activities.tools.paths import TreePath
from activities.tools.replica import Replica, replica
from activities.tools.set_values import assignments


class SetValue(StepConfig):
    """One value to set."""

    key: str = Field(min_length=1)
    """Dotted path, as of `--set`."""
    value: str
    """Read as `--set` reads it: `true`, `8080`, `{a,b}`; a comma begins another assignment."""
    literal: bool = False
    """Take the value as the string that it is."""


class Config(StepConfig):
    """What to render, and where to."""

    path: TreePath = Field(min_length=1)
    """The folder with Chart.yaml."""
    out_path: TreePath = Field(min_length=1)
    """A file if it ends in .yaml or .yml, else a folder."""
    out_layout: Literal["helm", "flat"] = "helm"
    """In a folder: the chart's own tree, or one file per object, `[namespace-]kind-name.yaml`."""
    release_name: str = Field(min_length=1)
    """What templates see as `.Release.Name`."""
    use_release_name: bool = False
    """In helm's layout: begin the tree with a folder of the release's name."""
    namespace: str = ""
    """What templates see as `.Release.Namespace`."""
    values_files: tuple[Annotated[TreePath, Field(min_length=1)], ...] = ()
    """Files of values beside the chart's own; later ones win."""
    ignore_missing_value_files: bool = False
    """Leave out files of values that do not exist."""
    set_values: tuple[SetValue, ...] = ()
    """Single values, which win over those in files."""
    build_dependencies: bool = False
    """Fetch the chart's dependencies first, as Chart.lock says if there is one."""
    include_crds: bool = Field(default=False, alias="includeCRDs")
    """Render the chart's CustomResourceDefinitions, too."""
    disable_hooks: bool = False
    """Leave out hooks."""
    skip_tests: bool = False
    """Leave out tests."""
    kube_version: str = ""
    """What templates see as the cluster's version."""
    api_versions: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """API versions that the cluster has, such as `monitoring.coreos.com/v1`."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Render in a replica, and write the result to the tree."""
    pins: Mapping[str, Any] = {}
    async with replica(context.workspace) as copy:
        found = await take_chart(copy, config.path)
        if config.build_dependencies and found:
            chart = copy.place(config.path, field="path")
            pins = await fetch(found, chart, copy, context, update=False)
        await _render(config, copy, context)
    context.log(f"{config.path}: rendered to {config.out_path}")
    return StepResult(pins=pins)


async def _render(config: Config, copy: Replica, context: StepContext) -> None:
    arguments = ["template", *_flags(config), *await _values(config, copy)]
    names = ["--", config.release_name, str(copy.place(config.path, field="path"))]
    template = partial(context.tools.helm, folder=copy.root, log=context.log)
    if config.out_layout == "helm" and not is_file(config.out_path):
        out = copy.root / ".rendered"
        await asyncio.to_thread(out.mkdir)
        await template([*arguments, f"--output-dir={out}", *names])
        await put_all(context.workspace, out, config.out_path)
    else:
        rendered = await template([*arguments, *names])
        await put_rendered(context.workspace, rendered, config.out_path)


async def _values(config: Config, copy: Replica) -> list[str]:
    missing = config.ignore_missing_value_files
    files = await from_files(copy, config.values_files, ignore_missing=missing)
    given = [
        assignment
        for entry in config.set_values
        for assignment in assignments(entry.key, entry.value, literal=entry.literal)
    ]
    return [*files, *await from_assignments(copy, given)]


def _flags(config: Config) -> list[str]:
    switches = {
        "--release-name": config.use_release_name,
        "--include-crds": config.include_crds,
        "--no-hooks": config.disable_hooks,
        "--skip-tests": config.skip_tests,
        f"--namespace={config.namespace}": bool(config.namespace),
        f"--kube-version={config.kube_version}": bool(config.kube_version),
    }
    given = [flag for flag, wanted in switches.items() if wanted]
    return [*given, *(f"--api-versions={version}" for version in config.api_versions)]


KIND = StepKind(
    kind="helm-template",
    summary="Render a Helm chart to a file or a folder.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: helm-template
  config:
    path: ./src/charts/shop
    releaseName: shop
    namespace: shop-${{ ctx.stage }}
    valuesFiles:
    - ./src/charts/shop/${{ ctx.stage }}.yaml
    setValues:
    - key: image.tag
      value: ${{ quote(imageFrom("ghcr.io/example/shop").Tag) }}
      literal: true
    outPath: ./out/manifests.yaml
""",
)
