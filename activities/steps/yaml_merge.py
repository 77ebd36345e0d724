"""yaml-merge: lay YAML files over one another, and write the result as one file.

Mappings are joined, whatever else is replaced by what comes later, null included. Comments, quotes,
anchors and order of the first file stay, and those of what later files add whole; indentation
becomes even. Where mappings with anchors are merged into, comments are lost.
"""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.paths import TreePath
from activities.tools.yaml_merge import merge_yaml


class Config(StepConfig):
    """Which files, and where to."""

    in_files: tuple[TreePath, ...] = Field(min_length=1)
    """The files, the first one at the bottom; of each the first document counts."""
    out_file: TreePath = Field(min_length=1)
    """The file to write; it may be one of `inFiles`."""
    ignore_missing_files: bool = False
    """Leave out files that are not there; when none is, an empty file is written."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Read every file, then write the merged one."""
    sources = {}
    for number, path in enumerate(config.in_files):
        field = f"inFiles[{number}]"
        file = await context.workspace.bring(path, field=field)
        if not config.ignore_missing_files or await asyncio.to_thread(file.exists):
            sources[number] = await context.workspace.read(path, field=field)
    # Large files take seconds, which other steps and heartbeats must not wait for.
    merged = await asyncio.to_thread(merge_yaml, list(sources.values()))
    await context.workspace.write(config.out_file, merged, field="outFile")
    taken = [config.in_files[number] for number in sources]
    context.log(f"{config.out_file}: merged from {', '.join(taken) or 'nothing'}")
    paths = [PurePosixPath(config.in_files[number]) for number in sources]
    return StepResult(output={"commitMessage": _message(config.out_file, paths)})


def _message(out_file: str, paths: list[PurePosixPath]) -> str:
    lines = [f"- {path}" for path in paths] or ["- no file was there"]
    return f"Merged YAML files to {PurePosixPath(out_file)}\n\n" + "\n".join(lines)


KIND = StepKind(
    kind="yaml-merge",
    summary="Lay YAML files over one another, and write the result as one file.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commitMessage": "which files were merged, as a message for git-commit"},
    example="""
- uses: yaml-merge
  config:
    inFiles:
    - ./src/values.yaml
    - ./src/stages/${{ ctx.stage }}.yaml
    outFile: ./out/values.yaml
    ignoreMissingFiles: true
""",
)
