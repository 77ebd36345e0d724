"""What yaml-update, json-update and toml-update share: a file goes in, and its edited bytes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from activities.kinds import StepContext, StepResult
from activities.tools.commit_messages import shown, updated
from activities.tools.updates import Update

Edit = Callable[[bytes, Sequence[Update]], bytes]


async def edit_file(
    path: str, updates: Sequence[Update], context: StepContext, *, edit: Edit
) -> StepResult:
    """Make every update, or none when one cannot be made; raises `InvalidError`."""
    before = await context.workspace.read(path)
    # A large file takes seconds, which other steps and heartbeats must not wait for.
    after = await asyncio.to_thread(edit, before, updates)
    if after != before:
        await context.workspace.write(path, after)
    for update in updates:
        context.log(f"{path}: {update.key} set to {shown(update.value)}")
    if after == before:
        context.log(f"{path}: all of it stood there already")
    changes = [(update.key, update.value) for update in updates]
    return StepResult(output={"commitMessage": updated(path, changes)})
