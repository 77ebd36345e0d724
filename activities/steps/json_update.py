"""json-update: set or add single values in a JSON file; no other byte changes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.file_edits import edit_file
from activities.tools.json_edit import update_json
from activities.tools.paths import TreePath
from activities.tools.updates import Update


class UpdateConfig(StepConfig):
    """One value to set."""

    key: str = Field(min_length=1)
    """Dotted path, as sjson has it: `\\.` is a dot within a key, a number an index, `-1` appends.

    `:80` is a key that looks like a number. What is missing is created.
    """
    value: Any
    """A string, number or boolean."""


class Config(StepConfig):
    """Which file, and what to set in it."""

    path: TreePath = Field(min_length=1)
    """The file, below the promotion's work tree."""
    updates: tuple[UpdateConfig, ...] = Field(min_length=1)
    """What to set; all of it, or nothing where one cannot be set."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Set every value, or none when one cannot be set."""
    updates = [Update(u.key, u.value) for u in config.updates]
    return await edit_file(config.path, updates, context, edit=update_json)


KIND = StepKind(
    kind="json-update",
    summary="Set or add single values in a JSON file; no other byte changes.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commitMessage": "what was set, as a message for git-commit"},
    example="""
- uses: json-update
  config:
    path: ./src/settings.json
    updates:
    - key: image.tag
      value: ${{ quote(imageFrom('ghcr.io/org/app').Tag) }}
    - key: history.-1
      value: ${{ ctx.promotion }}
""",
)
