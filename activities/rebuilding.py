"""Rebuilding: making sure that the tree stands as it did after the step before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from activities.kinds import StepContext, StepKind
from activities.scene import Scene
from activities.workspace import Workspace
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepRecord

_LEAVES_A_TREE = {StepStatus.SUCCEEDED, StepStatus.SKIPPED}


async def stand_before(
    scene: Scene,
    workspace: Workspace,
    context: StepContext,
    kinds: Mapping[str, StepKind[Any]],
) -> None:
    """Leave the workspace as the earlier steps left it, rebuilding it where it is not.

    Raises PermanentError when the rebuilt tree differs from what was recorded.
    """
    expected = [r for r in scene.earlier if _touches(r, kinds)]
    state = workspace.state
    stands = not state.busy and state.done == [r.execution.path for r in expected]
    if stands and await _opened(workspace, context):
        return
    for folder in workspace.state.checkouts:
        await context.git.release(workspace.root / folder)
    await workspace.clear()
    for record in expected:
        await _replay(record, workspace, context, kinds)
    if expected and expected[-1].tree != await workspace.fingerprint():
        raise PermanentError(
            f"the work tree could not be rebuilt as it was after step {expected[-1].execution.path}"
            ": a step's result depends on something that was not pinned; promote again"
        )


async def _opened(workspace: Workspace, context: StepContext) -> bool:
    """Open the checkouts of an earlier step in this process; False when one is damaged."""
    for folder, how in list(workspace.state.checkouts.items()):
        remote = await context.remotes(
            how["url"], insecure_skip_tls_verify=bool(how.get("insecure"))
        )
        try:
            workspace.checkouts[folder] = await context.git.open(remote, workspace.root / folder)
        except NotFoundError:
            return False
    return True


async def _replay(
    record: StepRecord,
    workspace: Workspace,
    context: StepContext,
    kinds: Mapping[str, StepKind[Any]],
) -> None:
    """Run an earlier step again from its pins; an effect only moves the tree past itself."""
    path = record.execution.path
    kind = kinds[record.execution.uses]
    again = replace(context, path=path, pins=record.pins, workspace=workspace)
    workspace.begin(path)
    await (kind.replay or kind.run)(kind.config.load(record.config or {}), again)
    workspace.finish(path)


def _touches(record: StepRecord, kinds: Mapping[str, StepKind[Any]]) -> bool:
    """Did the step do anything to the tree? What its `if` skipped has no tree recorded."""
    kind = kinds.get(record.execution.uses)
    ended_well = record.execution.status in _LEAVES_A_TREE
    return bool(kind and kind.nature != "pure" and ended_well and record.tree)
