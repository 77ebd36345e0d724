"""set-freight-alias: call Freight otherwise."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.status_change import AliasUpdate

_LABEL = r"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"
"""Kubernetes' for the values of labels, of which the alias is one."""


class Config(StepConfig):
    """Which Freight, and what to call it."""

    name: str = Field(min_length=1)
    """The Freight's name, or its alias until now."""
    alias: str = Field(min_length=1, max_length=63, pattern=_LABEL)
    """What it is called from now on; no other Freight of the Project may be called so."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Hand over the alias: it is written when the step ends, in the same transaction."""
    context.log(f"Freight {config.name}: alias {config.alias}")
    return StepResult(records=[AliasUpdate(config.name, config.alias)])


KIND = StepKind(
    kind="set-freight-alias",
    summary="Give Freight another alias.",
    config=Config,
    run=run,
    nature="pure",
    example="""
- uses: set-freight-alias
  config:
    name: ${{ ctx.targetFreight.name }}
    alias: release-${{ imageFrom("ghcr.io/shop/app").Tag }}
""",
)
