"""kustomize-build: render a kustomization to a file or a folder."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.kustomizations import kustomization_in, take_kustomization
from activities.tools.manifests import is_file, put_all, put_rendered
from activities.tools.paths import TreePath
from activities.tools.replica import Replica, replica


class HelmPlugin(StepConfig):
    """What charts in the kustomization are told of the cluster."""

    api_versions: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """API versions that it has, such as `monitoring.coreos.com/v1`."""
    kube_version: str = ""
    """Its Kubernetes version."""


class Plugin(StepConfig):
    """Settings of kustomize's plugins."""

    helm: HelmPlugin = HelmPlugin()
    """For charts that the kustomization inflates."""


class Config(StepConfig):
    """What to render, and where to."""

    path: TreePath = Field(min_length=1)
    """The folder with the kustomization."""
    out_path: TreePath = Field(min_length=1)
    """A file if it ends in .yaml or .yml, else a folder."""
    output_format: Literal["kargo", "kustomize"] = "kargo"
    """How files in a folder are named: `[namespace-]kind-name.yaml`, or as kustomize does."""
    plugin: Plugin = Plugin()


async def run(config: Config, context: StepContext) -> StepResult:
    """Build in a replica, and write the result to the tree."""
    await kustomization_in(context.workspace, config.path)
    async with replica(context.workspace) as copy:
        await take_kustomization(copy, config.path)
        await _build(config, copy, context)
    context.log(f"{config.path}: rendered to {config.out_path}")
    return StepResult()


async def _build(config: Config, copy: Replica, context: StepContext) -> None:
    arguments = [*_flags(config.plugin.helm), str(copy.place(config.path, field="path"))]
    kustomize = partial(context.tools.kustomize, folder=copy.root, log=context.log)
    if config.output_format == "kustomize" and not is_file(config.out_path):
        out = copy.root / ".rendered"
        await asyncio.to_thread(out.mkdir)
        await kustomize([f"--output={out}", *arguments])
        await put_all(context.workspace, out, config.out_path)
    else:
        await put_rendered(context.workspace, await kustomize(arguments), config.out_path)


def _flags(helm: HelmPlugin) -> list[str]:
    version = [f"--helm-kube-version={helm.kube_version}"] if helm.kube_version else []
    return [*version, *(f"--helm-api-versions={version}" for version in helm.api_versions)]


KIND = StepKind(
    kind="kustomize-build",
    summary="Render a kustomization to a file or a folder.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: kustomize-build
  config:
    path: ./src/stages/${{ ctx.stage }}
    outPath: ./out
""",
)
