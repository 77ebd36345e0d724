"""yaml-parse: take values out of a YAML file by expressions.

Of several documents the first one is read. Scalars mean what they mean in Helm: `yes` is true,
`0644` is octal, and timestamps stay text.
"""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.extraction import OutputConfig, extract
from activities.tools.paths import TreePath
from activities.tools.yaml_data import read_yaml


class Config(StepConfig):
    """Which file, and what to take out of it."""

    path: TreePath = Field(min_length=1)
    """The file, below the promotion's work tree."""
    outputs: tuple[OutputConfig, ...] = Field(min_length=1)
    """What to take out; each becomes an output of the step."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Evaluate every output, or fail when one cannot be evaluated."""
    return await extract(config.path, config.outputs, context, read=read_yaml)


KIND = StepKind(
    kind="yaml-parse",
    summary="Take values out of a YAML file by expressions.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"<name>": "each of the configured outputs, under its name"},
    example="""
- uses: yaml-parse
  as: found
  config:
    path: ./src/values.yaml
    outputs:
    - name: version
      fromExpression: image.tag
""",
)
