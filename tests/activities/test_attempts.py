"""One attempt at one step, from claim to record."""

from __future__ import annotations

from typing import Any

import pytest

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.errors import FencedError
from ferryman.domain.step import StepStatus
from tests.activities.conftest import Dock, clone, update, whole
from tests.servers.git import Repository


class Config(StepConfig):
    """What a step of the test's own is told."""

    text: str = ""


def counting(kind: str = "count", **more: Any) -> tuple[StepKind[Config], list[str]]:
    """A step that remembers its runs."""
    runs: list[str] = []

    async def run(config: Config, _context: StepContext) -> StepResult:
        runs.append(config.text)
        return StepResult(output={"text": config.text})

    made = StepKind(kind=kind, summary="", config=Config, run=run, nature="pure", **more)
    return made, runs


async def test_the_whole(dock: Dock, repository: Repository) -> None:
    """Four steps carry one value to the remote; each is recorded with its output and tree."""
    await dock.begin(*whole(repository))
    assert await dock.run_all() == ["Succeeded"] * 4
    assert 'tag: "1.1"  # ours' in repository.show("values.yaml")
    assert repository.subjects()[0] == "Updated src/values.yaml"
    pushed = await dock.record(4)
    assert pushed.output["commit"] == repository.head()
    assert pushed.execution.worker == "w1"
    assert pushed.tree


async def test_the_answer_names_the_workers_queue(dock: Dock, repository: Repository) -> None:
    """What follows finds the trees at the queue of the worker that has them."""
    await dock.begin(*whole(repository))
    assert (await dock.run(1)).worker_queue == "ferryman.worker.w1"


async def test_an_ended_step_is_returned(dock: Dock) -> None:
    """A step whose answer was lost is not run again."""
    dock.kinds["count"], runs = counting()
    await dock.begin({"uses": "count"})
    first = await dock.run(attempt=1)
    again = await dock.run(attempt=2)
    assert (first.status, again.status) == ("Succeeded", "Succeeded")
    assert len(runs) == 1


async def test_a_fenced_attempt_leaves_no_trace(dock: Dock, repository: Repository) -> None:
    """An older attempt than the newest is turned away, at its claim and at its end."""
    dock.kinds["count"], runs = counting()

    async def overtaken(_config: Config, _context: StepContext) -> StepResult:
        await dock.crew.claim(dock.promotion, number=2, attempt=7, worker="w2")
        return StepResult(output={"mine": True})

    dock.kinds["slow"] = StepKind("slow", "", Config, overtaken, "pure")
    await dock.begin({"uses": "count"}, {"uses": "slow"}, clone(repository.file_remote().url))
    await dock.crew.claim(dock.promotion, number=1, attempt=3, worker="w2")
    for number in (1, 2):
        with pytest.raises(FencedError):
            await dock.run(number)
    assert runs == []
    assert [(await dock.record(n)).output for n in (1, 2)] == [None, None]
    assert (await dock.record(2)).execution.attempt == 7


async def test_an_effect_looks_once_more(dock: Dock, repository: Repository) -> None:
    """A push that was overtaken while it prepared does not happen."""
    await dock.begin(*whole(repository))
    before = repository.head()
    for number in (1, 2, 3):
        await dock.run(number)
    runner = dock.runner()
    confirm = runner.store.steps.confirm

    async def overtaken(*args: Any, **more: Any) -> None:
        await dock.crew.claim(dock.promotion, number=4, attempt=2, worker="w2")
        await confirm(*args, **more)

    runner.store.steps.confirm = overtaken  # type: ignore[method-assign]  # time passes here
    with pytest.raises(FencedError):
        await dock.run(4)
    assert repository.head() == before


async def test_an_if_that_is_false(dock: Dock) -> None:
    """The step is Skipped; its config is not even evaluated."""
    dock.kinds["count"], runs = counting()
    config = {"text": "${{ nonsense( }}"}
    await dock.begin({"uses": "count", "if": "${{ ctx.stage == 'prod' }}", "config": config})
    result = await dock.run()
    assert (result.status, runs) == ("Skipped", [])


async def test_an_if_that_is_no_boolean(dock: Dock) -> None:
    """A condition that is neither true nor false is an error that names it."""
    dock.kinds["count"], runs = counting()
    await dock.begin({"uses": "count", "if": "${{ ctx.stage }}"})
    result = await dock.run()
    assert (result.status, runs) == ("Errored", [])
    assert result.message.startswith("if: ")


async def test_a_bad_config(dock: Dock) -> None:
    """It fails naming the field, and not with the value."""
    await dock.begin({"uses": "git-push", "config": {"path": "./src", "branhc": "hunter2"}})
    result = await dock.run()
    assert result.status == "Failed"
    assert "config.branhc" in result.message
    assert "hunter2" not in result.message


async def test_an_unknown_kind(dock: Dock) -> None:
    """A step that no worker knows is an error that names what there is."""
    await dock.begin({"uses": "git-cloen"})
    result = await dock.run()
    assert result.status == "Errored"
    assert "'git-cloen'" in result.message
    assert "git-clone, git-commit" in result.message


async def test_a_bad_value(dock: Dock, repository: Repository) -> None:
    """An expression that does not evaluate is an error that shows it."""
    await dock.begin(clone(repository.file_remote().url), update("${{ nope.x.y }}"))
    await dock.run(1)
    result = await dock.run(2)
    assert result.status == "Errored"
    assert "config.updates[0].value" in result.message
    assert (await dock.record(2)).tree == ""


async def test_outputs_have_a_limit(dock: Dock) -> None:
    """Outputs that are too large to keep are an error that names the limit."""
    dock.kinds["count"], _ = counting()
    await dock.begin({"uses": "count", "config": {"text": "x" * 300_000}})
    result = await dock.run()
    assert result.status == "Errored"
    assert "262144 are allowed" in result.message


async def test_a_defect_of_ours(dock: Dock) -> None:
    """What nobody foresaw ends the step, and says that it is our fault."""

    async def broken(_config: Config, _context: StepContext) -> StepResult:
        raise ZeroDivisionError("by nought")

    dock.kinds["broken"] = StepKind("broken", "", Config, broken, "pure")
    await dock.begin({"uses": "broken"})
    result = await dock.run()
    assert result.status == StepStatus.ERRORED
    assert "unexpected ZeroDivisionError: by nought" in result.message
