"""compose-output: put together an output of its own from those of other steps."""

from __future__ import annotations

from pydantic import ConfigDict

from activities.kinds import StepConfig, StepContext, StepKind, StepResult


class Config(StepConfig):
    """Any names and values; they are the output."""

    model_config = ConfigDict(extra="allow")


async def run(config: Config, _context: StepContext) -> StepResult:
    """Give what was configured."""
    return StepResult(output=config.model_extra or {})


KIND = StepKind(
    kind="compose-output",
    summary=(
        "Put together an output of its own; in a task it is also found as "
        "`outputs.<alias of the task>`."
    ),
    config=Config,
    run=run,
    nature="pure",
    outputs={"*": "Whatever the config names."},
    example="""
- uses: git-push
  as: push
  config:
    path: ./out
- uses: compose-output
  as: links
  config:
    commit: https://git.example/shop/commit/${{ outputs.push.commit }}
""",
)
