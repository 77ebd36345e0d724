"""Retrying: what was done is rebuilt, not done again; what is made anew is another commit."""

from __future__ import annotations

from typing import Any

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.errors import PermanentError
from ferryman.domain.step import StepStatus
from tests.activities.conftest import Dock, whole
from tests.servers.git import Repository


class Config(StepConfig):
    """Nothing."""


def gate(ends: list[StepStatus]) -> StepKind[Config]:
    """A step that ends as it is told, time after time."""

    async def run(_config: Config, _context: StepContext) -> StepResult:
        return StepResult(status=ends.pop(0))

    return StepKind("gate", "", Config, run, "effect", tree=False)


GATE: dict[str, Any] = {"uses": "gate"}
WRITE = {
    "uses": "file-write",
    "config": {"path": "./src/at", "contents": "${{ now() }}", "overwrite": True},
}
FAILED_ONCE = (StepStatus.FAILED, StepStatus.SUCCEEDED)


async def test_a_push_is_not_repeated(dock: Dock, repository: Repository) -> None:
    """After a failure behind the push, only what had failed is run again, on any worker."""
    dock.kinds["gate"] = gate([*FAILED_ONCE])
    await dock.begin(*whole(repository), GATE)
    assert await dock.run_all() == ["Succeeded"] * 4 + ["Failed"]
    pushed = repository.head()
    await dock.retry()
    assert (await dock.run(5, worker="w2")).status == "Succeeded"
    assert repository.head() == pushed
    assert (await dock.record(4)).output["commit"] == pushed


async def test_the_tree_is_rebuilt_from_pins(dock: Dock, repository: Repository) -> None:
    """What a retry goes on from is what the first run made, though the remote has moved on."""
    dock.kinds["gate"] = gate([*FAILED_ONCE])
    clone, update, commit, push = whole(repository)
    await dock.begin(clone, update, commit, GATE, push)
    assert [(await dock.run(n)).status for n in range(1, 5)] == ["Succeeded"] * 3 + ["Failed"]
    made = (await dock.record(3)).output["commit"]
    repository.commit({"other.yaml": "a: 1\n"})
    await dock.retry()
    for number in (4, 5):
        assert (await dock.run(number, worker="w2")).status == "Succeeded"
    assert repository.subjects()[:2] == ["Updated src/values.yaml", "Change"]
    assert (await dock.record(3)).output["commit"] == made


async def test_a_push_whose_answer_was_lost_is_found(dock: Dock, repository: Repository) -> None:
    """It had arrived when the step was cut off: the retry finds it, whatever came on top."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3):
        await dock.run(number)
    runner = dock.runner()
    git_push = dock.kinds["git-push"]

    async def cut_off(config: Any, context: StepContext) -> StepResult:
        await git_push.run(config, context)
        raise PermanentError("the answer was lost")

    dock.kinds["git-push"] = StepKind("git-push", "", git_push.config, cut_off, "effect")
    assert (await dock.run(4)).status == "Errored"
    dock.kinds["git-push"] = git_push
    assert runner.kinds is dock.kinds
    pushed = repository.head()
    repository.commit({"other.yaml": "a: 1\n"})
    await dock.retry()
    result = await dock.run(4)
    assert result.status == "Succeeded"
    assert (await dock.record(4)).output["commit"] == pushed
    assert repository.subjects().count("Updated src/values.yaml") == 1
    assert any("it was there already" in line for line in await dock.log(4))


async def test_a_commit_made_anew_with_the_same_content(dock: Dock, repository: Repository) -> None:
    """What the first run had pushed already is not pushed twice."""
    dock.kinds["gate"] = gate([*FAILED_ONCE])
    await dock.begin(*whole(repository), GATE)
    await dock.run_all()
    pushed = repository.head()
    await dock.retry("3")
    assert [(await dock.run(n)).status for n in (3, 4, 5)] == ["Succeeded"] * 3
    assert repository.head() == pushed


async def test_a_commit_made_anew_with_other_content(dock: Dock, repository: Repository) -> None:
    """It is pushed as new: an earlier run's commit is not taken for it."""
    dock.kinds["gate"] = gate([*FAILED_ONCE])
    clone, _, commit, push = whole(repository)
    commit["config"]["message"] = "at"
    await dock.begin(clone, WRITE, commit, push, GATE)
    await dock.run_all()
    first = repository.show("at")
    await dock.retry("1")
    assert [(await dock.run(n)).status for n in range(1, 6)] == ["Succeeded"] * 5
    assert repository.show("at") != first
    assert repository.subjects()[:2] == ["at", "at"]
    trailers = [line for line in repository.git("log", "--format=%B").splitlines() if "/" in line]
    assert [t.rpartition("/")[2] for t in trailers] == ["3#2", "3"]


async def test_a_tree_of_the_first_run_is_not_taken(dock: Dock, repository: Repository) -> None:
    """A worker that still has the first run's tree builds it anew after steps made elsewhere."""
    dock.kinds["gate"] = gate([StepStatus.FAILED, StepStatus.SUCCEEDED])
    clone, _, commit, push = whole(repository)
    commit["config"]["message"] = "at"
    await dock.begin(clone, WRITE, GATE, commit, push)
    assert [(await dock.run(n)).status for n in (1, 2, 3)] == ["Succeeded"] * 2 + ["Failed"]
    await dock.retry("2")
    assert (await dock.run(2, worker="w2")).status == "Succeeded"
    await dock.run(3)
    for number in (4, 5):
        assert (await dock.run(number)).status == "Succeeded"
    second = (await dock.record(2)).execution.started_at
    assert second
    assert repository.show("at").startswith(second.strftime("%FT%T"))


async def test_a_commit_made_anew_on_the_old_base(dock: Dock, repository: Repository) -> None:
    """Where both runs write the same place, the conflict with the first one's commit is told."""
    dock.kinds["gate"] = gate([*FAILED_ONCE])
    clone, _, commit, push = whole(repository)
    commit["config"]["message"] = "at"
    await dock.begin(clone, WRITE, commit, push, GATE)
    await dock.run_all()
    pushed = repository.head()
    await dock.retry("2")
    assert [(await dock.run(n)).status for n in (2, 3)] == ["Succeeded"] * 2
    result = await dock.run(4)
    assert result.status == "Errored"
    assert "at" in result.message
    assert repository.head() == pushed
