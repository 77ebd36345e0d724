"""set-metadata: note something about Freight or a Stage, for later steps and Promotions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.status_change import MetadataUpdate


class Update(StepConfig):
    """One thing, and what to note about it."""

    kind: Literal["Stage", "Freight"]
    """What it is about."""
    name: str = Field(min_length=1)
    """Of the Stage; of Freight its name or alias."""
    values: dict[str, Any]
    """Keys to set; what is noted under others stays."""


class Config(StepConfig):
    """What to note."""

    updates: tuple[Update, ...] = Field(min_length=1)
    """Made together or not at all."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Hand over what to note: it is written when the step ends, in the same transaction."""
    for update in config.updates:
        context.log(f"{update.kind} {update.name}: {', '.join(update.values)}")
    updates = [MetadataUpdate(u.kind, u.name, u.values) for u in config.updates]
    return StepResult(records=updates)


KIND = StepKind(
    kind="set-metadata",
    summary=(
        "Note something about Freight or Stages, which `freightMetadata()` and "
        "`stageMetadata()` read."
    ),
    config=Config,
    run=run,
    nature="pure",
    example="""
- uses: set-metadata
  config:
    updates:
    - kind: Freight
      name: ${{ ctx.targetFreight.name }}
      values:
        ticket: SHOP-123
""",
)
