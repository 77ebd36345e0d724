"""Retrying a Promotion: a run of its own, its gate asked anew, and what was done is kept."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import ConflictError, FencedError, InvalidError
from ferryman.domain.promotion import Phase
from ferryman.domain.ruling import Ruling
from ferryman.domain.step import StepStatus
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.retries import Retry
from ferryman.storage.steps import StepEnd
from tests.crew import ANN, DONE, Crew
from tests.pipelines import PROJECT, freight, policy, stage

F1, F2 = freight(1), freight(2)
DEV = "development"
FAILED = StepEnd(StepStatus.FAILED, message="no")
CLONED = StepEnd(StepStatus.SUCCEEDED, output={"commit": "abc"}, pins={"commit": "abc"}, tree="t1")


async def retry(crew: Crew, name: str, start: str = "", ruling: Ruling | None = None) -> None:
    """Ann has it tried again."""
    wanted = Retry(ANN, "once more", start, ruling)
    await crew.store.retries.retry(PROJECT, name, wanted, now=crew.later())


@pytest.fixture
async def failed(line: Crew) -> str:
    """A Promotion of three steps whose second one failed."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    assert await line.run(name, CLONED, FAILED) is Phase.FAILED
    return name


async def test_what_was_done_is_kept(line: Crew, failed: str) -> None:
    """The second run has the first step's result, and nothing of what failed; it may go in."""
    await retry(line, failed)
    promotion = await line.promotion(failed)
    assert (promotion.status.phase, promotion.status.run) == (Phase.PENDING, 2)
    (before,) = promotion.status.runs
    assert (before.run, before.phase, before.message) == (
        1,
        Phase.FAILED,
        "step step-2 (git-push): no",
    )
    (kept,) = promotion.status.step_execution_metadata
    assert (kept.path, kept.status, kept.run) == ("1", StepStatus.SUCCEEDED, 1)
    record = (await line.store.steps.recorded(PROJECT, failed, 2))["1"]
    assert (record.output, record.pins, record.tree) == (CLONED.output, CLONED.pins, "t1")
    assert (await line.admit(failed)).state == "admitted"
    for path in ("2", "3"):
        key = StepKey(PROJECT, failed, 2, path, 1)
        facts = StepFacts(path, f"step-{path}", "git-push")
        await line.store.steps.claim(key, facts, worker="w1", now=line.later())
        await line.store.steps.end(key, DONE, now=line.later())
    assert (await line.settle(failed))[0] is Phase.SUCCEEDED
    assert (await line.freight(F1)).status.currently_in.keys() == {DEV}
    assert "PromotionRetried: retried by ann from step 2: once more" in await line.events()


async def test_the_first_run_is_over_for_good(line: Crew, failed: str) -> None:
    """Who still works on it is fenced off, and its workflow learns how it ended."""
    await retry(line, failed)
    await line.admit(failed)
    assert (await line.claim(failed, number=3))["3"].execution.status is StepStatus.SKIPPED
    with pytest.raises(FencedError):
        await line.store.steps.confirm(line.key(failed, number=2))
    aborted = (Phase.ABORTED, "aborted")
    ended = await line.store.settlements.settle(
        PROJECT, failed, now=line.later(), end=aborted, run=1
    )
    assert ended[0] is Phase.FAILED
    assert (await line.promotion(failed)).status.phase is Phase.RUNNING


async def test_the_gate_asks_anew(line: Crew) -> None:
    """Approvals and rejections of an earlier run do not count."""
    await line.declare(policy(stage=DEV))
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.say(name)
    assert await line.run(name, FAILED) is Phase.FAILED
    await retry(line, name)
    assert [u.reason for u in (await line.admit(name)).unmet] == ["WaitingForApproval"]
    await line.say(name, "reject")
    assert (await line.admit(name)).state == "ended"
    await retry(line, name)
    assert (await line.say(name)).refused == ""
    assert (await line.admit(name)).state == "admitted"
    assert [r.phase for r in (await line.promotion(name)).status.runs] == [Phase.FAILED] * 2


async def test_an_overtaken_one_asks(line: Crew, failed: str) -> None:
    """What would put something older back needs an approval, and keeps auto-promotion off."""
    await line.mint(F2)
    await line.carry(DEV, F2)
    await retry(line, failed)
    assert [u.reason for u in (await line.admit(failed)).unmet] == ["Overtaken"]
    await line.say(failed)
    assert (await line.admit(failed)).state == "admitted"


async def test_what_may_not_enter_any_more(line: Crew) -> None:
    """Every unmet condition is told before anything changes; and so of a Stage that is gone."""
    await line.mint(F1)
    await line.carry(DEV, F1)
    name = await line.promote("staging", F1)
    assert await line.run(name, FAILED) is Phase.FAILED
    await line.declare(stage("staging", "production"))
    with pytest.raises(InvalidError, match="not verified in stage production"):
        await retry(line, name)
    await line.delete("Stage", "staging")
    await line.declare(stage("staging", DEV))
    with pytest.raises(ConflictError, match="was deleted; promote the Freight"):
        await retry(line, name)
    assert (await line.promotion(name)).status.run == 1


async def test_only_what_has_ended_badly(line: Crew, failed: str) -> None:
    """One that waits, runs or has succeeded is refused with what to do instead."""
    await retry(line, failed)
    with pytest.raises(ConflictError, match="is Pending: what has ended can be retried"):
        await retry(line, failed)
    await line.settle(failed, (Phase.SUCCEEDED, ""))
    with pytest.raises(ConflictError, match="has succeeded; promote the Freight again"):
        await retry(line, failed)


async def test_from_a_step(line: Crew, failed: str) -> None:
    """From an earlier step, nothing after it is kept; an unknown one changes nothing."""
    with pytest.raises(InvalidError, match="there is no step 'x'"):
        await retry(line, failed, "x")
    assert (await line.promotion(failed)).status.phase is Phase.FAILED
    await retry(line, failed, "step-1")
    assert (await line.promotion(failed)).status.step_execution_metadata == ()


async def test_a_step_can_be_left_out_with_it(line: Crew, failed: str) -> None:
    """The step that failed counts as somebody says, and the retry goes on after it."""
    ruling = Ruling("override", "step-2", "done by hand", StepStatus.SUCCEEDED, {"commit": "c"})
    await retry(line, failed, ruling=ruling)
    records = await line.store.steps.recorded(PROJECT, failed, 2)
    assert records["2"].output == {"commit": "c"}
    execution = records["2"].execution
    assert execution.status is StepStatus.SUCCEEDED
    assert execution.message == "overridden as Succeeded by ann: done by hand"
    said = await line.store.promotions.decisions(PROJECT, failed)
    assert [(d.verdict, d.step, d.run) for d in said] == [("retry", "2", 2), ("override", "2", 2)]
