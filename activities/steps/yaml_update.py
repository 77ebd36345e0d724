"""yaml-update: set scalars in a YAML file; no other byte changes."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.commit_messages import updated
from activities.tools.yaml_edit import Update, update_yaml


class UpdateConfig(StepConfig):
    """One value to set."""

    key: str = Field(min_length=1)
    """Dotted path; `\\.` is a dot within a key, a number an index."""
    value: Any
    """A string, number, boolean or null."""


class Config(StepConfig):
    """Which file, and what to set in it."""

    path: str = Field(min_length=1)
    updates: tuple[UpdateConfig, ...] = Field(min_length=1)


async def run(config: Config, context: StepContext) -> StepResult:
    """Set every value, or none when one cannot be set."""
    before = await context.workspace.read(config.path)
    updates = [Update(key=u.key, value=u.value) for u in config.updates]
    # A megabyte takes a quarter of a second, which other steps and heartbeats must not wait for.
    after = await asyncio.to_thread(update_yaml, before, updates)
    if after != before:
        await context.workspace.write(config.path, after)
    changes = [(u.key, u.value) for u in config.updates]
    return StepResult(output={"commitMessage": updated(config.path, changes)})


KIND = StepKind(
    kind="yaml-update",
    summary="Set scalars in a YAML file; no other byte changes.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commitMessage": "what was set, as a message for git-commit"},
)
