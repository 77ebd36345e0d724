"""What steps say: there while they run, scrubbed, of every attempt."""

from __future__ import annotations

import asyncio
import sys

import pytest
from temporalio.testing import ActivityEnvironment

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman import processes
from ferryman.domain.step import StepStatus
from tests.activities.conftest import Dock, whole
from tests.servers.git import Repository


class Config(StepConfig):
    """Nothing."""


def kind(run: object) -> StepKind[Config]:
    """A step of the test's own."""
    return StepKind("speak", "", Config, run, "pure", error_threshold=2)  # type: ignore[arg-type]


async def test_lines_are_there_while_it_runs(dock: Dock) -> None:
    """After about a second, without waiting for the step's end."""
    over = asyncio.Event()

    async def run(_config: Config, context: StepContext) -> StepResult:
        context.log("so far so good")
        await over.wait()
        return StepResult(message="done")

    dock.kinds["speak"] = kind(run)
    await dock.begin({"uses": "speak"})
    running = asyncio.create_task(dock.run())
    async with asyncio.timeout(10):
        expected = ["attempt 1 on worker w1", "so far so good"]
        while await dock.log() != expected:  # noqa: ASYNC110 - the store tells nobody of lines
            await asyncio.sleep(0.05)
    over.set()
    await running
    assert (await dock.log())[2:] == ["Succeeded: done"]


async def test_every_attempt_is_told(dock: Dock) -> None:
    """Each begins with its number, and ends with what became of it."""
    ends = [StepResult(status=StepStatus.ERRORED, message="no"), StepResult()]

    async def run(_config: Config, context: StepContext) -> StepResult:
        context.log("one\ntwo")
        return ends.pop(0)

    dock.kinds["speak"] = kind(run)
    await dock.begin({"uses": "speak"})
    await dock.run()
    await dock.run(attempt=2)
    first = ["attempt 1 on worker w1", "one", "two", "Errored: no"]
    assert await dock.log() == [*first, "attempt 2 on worker w1", "one", "two", "Succeeded"]


async def test_git_says_what_it_does(dock: Dock, repository: Repository) -> None:
    """What was checked out, edited, committed and pushed."""
    await dock.begin(*whole(repository))
    await dock.run_all()
    url, head = repository.file_remote().url, repository.head()
    cloned, *others = [(await dock.log(number))[1:-1] for number in (1, 2, 3, 4)]
    assert cloned[0] == f"fetching {url}"
    assert cloned[1].startswith("./src: main at ")
    assert others == [
        ["./src/values.yaml: image.tag set to 1.1"],
        [f"./src: commit {head}"],
        [f"pushing to {url}", f"main: {head}"],
    ]


async def test_a_rebuilt_tree_is_told(dock: Dock, repository: Repository) -> None:
    """Where a worker has to build the tree anew, its step says so, and of which steps."""
    await dock.begin(*whole(repository))
    await dock.run(1)
    await dock.run(2, worker="w2")
    log = await dock.log(2)
    assert log[1] == "the work tree is built anew, from what was pinned"
    assert log[2].startswith("step-1 again: fetching ")


async def test_an_abort_kills_what_runs(dock: Dock) -> None:
    """A program that heeds no signal is gone within 2 s of the cancellation; the log says so."""
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)"
    begun = asyncio.Event()

    async def run(_config: Config, _context: StepContext) -> StepResult:
        begun.set()
        await processes.run([sys.executable, "-c", deaf])
        return StepResult()

    dock.kinds["speak"] = kind(run)
    await dock.begin({"uses": "speak"})
    environment = ActivityEnvironment()
    running = asyncio.create_task(dock.run(environment=environment))
    await begun.wait()
    environment.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await running
    assert await dock.log() == ["attempt 1 on worker w1", "stopped"]
