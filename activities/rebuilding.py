"""Rebuilding: making sure that the tree stands as it did after the step before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from activities.kinds import StepContext, StepKind
from activities.scene import Scene
from activities.workspace import Workspace
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.storage.steps import StepRecord


async def stand_before(
    scene: Scene,
    workspace: Workspace,
    context: StepContext,
    kinds: Mapping[str, StepKind[Any]],
) -> None:
    """Leave the workspace as those steps left it that had ended, rebuilding it where it is not.

    They are done again in the order in which they ended: steps that run side by side take turns.

    Raises PermanentError when the rebuilt tree differs from what was recorded.
    """
    expected = sorted(
        (r for r in scene.others if r.tree_order is not None), key=lambda r: r.tree_order or 0
    )
    state = workspace.state
    stands = not state.busy and state.done == [r.execution.path for r in expected]
    if stands and await _opened(workspace, context):
        return
    for folder in workspace.state.checkouts:
        await context.git.release(workspace.root / folder)
    await workspace.clear()
    if expected:
        context.log("the work tree is built anew, from what was pinned")
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
    ran = record.execution
    kind = kinds[ran.uses]
    again = replace(
        context,
        path=ran.path,
        run=ran.run,
        pins=record.pins,
        workspace=workspace,
        log=lambda line: context.log(f"{ran.alias} again: {line}"),
    )
    workspace.begin(ran.path)
    await (kind.replay or kind.run)(kind.config.load(record.config or {}), again)
    workspace.finish(ran.path)
