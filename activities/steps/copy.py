"""copy: copy a file or folder within the work tree, also from one checkout into another."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools import folders
from activities.tools.ignoring import Ignored
from activities.tools.paths import TreePath
from activities.tools.trees import copy_file, listed, put


class Config(StepConfig):
    """What to copy, and where to."""

    in_path: TreePath = Field(min_length=1)
    """A file or folder. Of a folder, all that is in it is copied, but never `.git`."""
    out_path: TreePath = Field(min_length=1)
    """What the copy is called. A folder is copied into one that exists, over what is there;
    missing folders are made. For a file, this is the new file's path, not a folder."""
    ignore: str | None = Field(default=None, min_length=1)
    """What to leave out of a folder, in gitignore's syntax, one pattern a line, relative to
    `inPath`."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Copy with permissions; links stay links, and may not lead out of the work tree."""
    workspace = context.workspace
    ignored = Ignored(config.ignore)
    tree = await listed(workspace, config.in_path, ignored, field="inPath")
    if tree.is_file:
        source = tree.folder.below(tree.entries[0].name)
        await copy_file(workspace, source, config.out_path, field="outPath")
    else:
        await put(
            workspace, tree.folder, tree.entries, config.out_path, folders.copy, field="outPath"
        )
    files = sum(entry.kind != "folder" for entry in tree.entries)
    context.log(f"{config.in_path} → {config.out_path}: {files} files")
    return StepResult()


KIND = StepKind(
    kind="copy",
    summary="Copy a file or folder within the work tree, also from one checkout into another.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: copy
  config:
    inPath: ./src/charts/shop
    outPath: ./out/charts/shop
    ignore: |
      *.md
      tests/
""",
)
