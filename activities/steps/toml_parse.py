"""toml-parse: take values out of a TOML file by expressions; dates and times are strings there."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.documents import read_toml
from activities.tools.extraction import OutputConfig, extract
from activities.tools.paths import TreePath


class Config(StepConfig):
    """Which file, and what to take out of it."""

    path: TreePath = Field(min_length=1)
    """The file, below the promotion's work tree."""
    outputs: tuple[OutputConfig, ...] = Field(min_length=1)
    """What to take out; each becomes an output of the step."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Evaluate every output, or fail when one cannot be evaluated."""
    return await extract(config.path, config.outputs, context, read=read_toml)


KIND = StepKind(
    kind="toml-parse",
    summary="Take values out of a TOML file by expressions.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"<name>": "each of the configured outputs, under its name"},
    example="""
- uses: toml-parse
  as: found
  config:
    path: ./src/Cargo.toml
    outputs:
    - name: version
      fromExpression: package.version
""",
)
