"""git-clear: remove every file that a checkout shows; its history stays."""

from __future__ import annotations

import posixpath

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.folders import Place
from activities.tools.paths import TreePath


class Config(StepConfig):
    """Which checkout."""

    path: TreePath = Field(min_length=1)
    """The folder of the checkout."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Remove every file, and the submodules; what `sparse` hides stays in the next commit."""
    workspace = context.workspace
    checkout = workspace.checkout(config.path)
    own = posixpath.normpath(config.path)
    for folder in workspace.checkouts_in(Place(workspace.root, "" if own == "." else own)):
        if folder != own:
            await context.git.release(workspace.root / folder)
            workspace.forget(folder)
    await checkout.clear()
    context.log(f"{config.path}: emptied")
    return StepResult()


KIND = StepKind(
    kind="git-clear",
    summary="Remove every file that a checkout shows; its history stays.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: git-clear
  config:
    path: ./out
""",
)
