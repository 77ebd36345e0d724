"""fail: end as Failed, with a message."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.step import StepStatus


class Config(StepConfig):
    """Why."""

    message: str = Field(default="", min_length=1)
    """What people are told."""


async def run(config: Config, _context: StepContext) -> StepResult:
    """Fail; that is no error, so it is never tried again."""
    return StepResult(status=StepStatus.FAILED, message=config.message or "failed on purpose")


KIND = StepKind(
    kind="fail",
    summary="Fail, and with it the Promotion; meant to have an `if`.",
    config=Config,
    run=run,
    nature="pure",
    example="""
- uses: fail
  if: ${{ semverDiff(vars.current, vars.next) == 'Major' }}
  config:
    message: major versions are promoted by hand
""",
)
