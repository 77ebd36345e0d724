"""git-clear: remove every file of a checkout; its history stays."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult


class Config(StepConfig):
    """Which checkout."""

    path: str = Field(min_length=1)


async def run(config: Config, context: StepContext) -> StepResult:
    """Remove every file."""
    await context.workspace.checkout(config.path).clear()
    return StepResult()


KIND = StepKind(
    kind="git-clear",
    summary="Remove every file of a checkout; its history stays.",
    config=Config,
    run=run,
    nature="workspace",
)
