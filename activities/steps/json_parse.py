"""json-parse: take values out of a JSON file by expressions."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.documents import read_json
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
    return await extract(config.path, config.outputs, context, read=read_json)


KIND = StepKind(
    kind="json-parse",
    summary="Take values out of a JSON file by expressions.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"<name>": "each of the configured outputs, under its name"},
    example="""
- uses: json-parse
  as: found
  config:
    path: ./src/package.json
    outputs:
    - name: version
      fromExpression: version
""",
)
