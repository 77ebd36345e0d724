"""Attempts that touch one Promotion's work tree take turns, also those that Temporal makes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from activities.kinds import StepContext, StepResult
from activities.steps import STEPS
from activities.tree_turns import TreeTurns
from ferryman.domain.errors import FencedError
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.activities.conftest import Dock
from tests.crew import Crew
from tests.pipelines import freight, pipeline


async def test_one_at_a_time() -> None:
    """Who comes second to a tree waits; who comes to another does not."""
    turns, order, end = TreeTurns(), list[str](), asyncio.Event()

    async def have(tree: str, name: str) -> None:
        async with turns.turn(tree):
            order.append(name)
            if name == "first":
                await end.wait()

    all_three = [have("shop/a", "first"), have("shop/a", "second"), have("shop/b", "other")]
    running = [asyncio.create_task(each) for each in all_three]
    await asyncio.sleep(0)
    assert order == ["first", "other"]
    end.set()
    await asyncio.gather(*running)
    assert order == ["first", "other", "second"]


async def test_steps_beside_each_other_take_turns(dock: Dock) -> None:
    """Two attempts that reach a worker at once do not meet in the tree; both results stay."""
    at_once, most = 0, 0
    written = STEPS["file-write"]

    async def counted(config: Any, context: StepContext) -> StepResult:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        result = await written.run(config, context)
        at_once -= 1
        return result

    dock.kinds["file-write"] = replace(written, run=counted)
    writing = [
        {"uses": "file-write", "config": {"path": name, "contents": name}} for name in ("a", "b")
    ]
    await dock.begin({"parallel": writing, "as": "both"})
    first, second = await asyncio.gather(dock.run("both::1"), dock.run("both::2"))
    assert first.status == second.status == StepStatus.SUCCEEDED
    assert most == 1
    assert sorted(path.name for path in dock.work().rglob("?")) == ["a", "b"]


async def test_a_tree_that_another_step_has_changed(crew: Crew) -> None:
    """A worker that was frozen, and left a tree without what came meanwhile, is refused."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    name = await crew.promote("development", freight(1))
    await crew.admit(name)
    await crew.claim(name, number=1)
    await crew.step(name, _left("a" * 64, stands_on=0), number=2)
    steps = crew.store.steps
    with pytest.raises(FencedError):
        await steps.end(crew.key(name), _left("b" * 64, stands_on=0), now=crew.later())
    await steps.end(crew.key(name), _left("b" * 64, stands_on=1), now=crew.later())


def _left(tree: str, *, stands_on: int) -> StepEnd:
    return StepEnd(StepStatus.SUCCEEDED, tree=tree, stands_on=stands_on)
