"""Steps: each row belongs to one attempt, and only that attempt may write to it."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import FencedError
from ferryman.domain.promotion import Phase, Unmet
from ferryman.domain.step import StepStatus
from ferryman.storage.logs import Said
from ferryman.storage.steps import StepEnd
from tests.crew import ANN, DONE, Crew
from tests.pipelines import NOW, freight

F1 = freight(1)
DEV = "development"


@pytest.fixture
async def running(line: Crew) -> str:
    """A Promotion that has gone in."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    return name


async def status_of(crew: Crew, name: str, number: int = 1) -> StepStatus | None:
    """How a step stands."""
    steps = (await crew.promotion(name)).status.step_execution_metadata
    return steps[number - 1].status


async def test_what_is_recorded(line: Crew, running: str) -> None:
    """Config, output, pins, log and tree come back as they were; people see the rest."""
    await line.claim(running)
    end = StepEnd(
        StepStatus.SUCCEEDED,
        message="pushed",
        output={"commit": "abc"},
        sensitive=True,
        config={"path": "./src"},
        pins={"date": NOW.isoformat()},
        lines=(Said(NOW, "one"), Said(NOW, "two")),
        tree="f00",
    )
    await line.store.steps.end(line.key(running), end, now=line.later())
    (record,) = (await line.store.steps.recorded("shop", running, 1)).values()
    assert (record.output, record.sensitive, record.config) == (end.output, True, end.config)
    assert (record.pins, record.tree) == (end.pins, end.tree)
    said = (await line.store.logs.read("shop", running)).lines
    assert [(s.step, s.alias, s.text) for s in said] == [("1", "step-1", t) for t in ("one", "two")]
    (shown,) = (await line.promotion(running)).status.step_execution_metadata
    assert shown == record.execution
    assert (shown.path, shown.alias, shown.uses, shown.worker) == ("1", "step-1", "git-push", "w1")
    assert (shown.status, shown.message, shown.attempt) == (StepStatus.SUCCEEDED, "pushed", 1)
    assert shown.started_at
    assert shown.finished_at
    assert shown.started_at < shown.finished_at


async def test_earlier_steps_come_with_the_claim(line: Crew, running: str) -> None:
    """Whoever claims a step sees what was recorded of those before it, in order."""
    await line.step(running, StepEnd(StepStatus.SUCCEEDED, output={"commit": "abc"}), number=1)
    records = await line.claim(running, number=2)
    assert list(records) == ["1", "2"]
    assert records["1"].output == {"commit": "abc"}


async def test_a_newer_attempt_takes_over(line: Crew, running: str) -> None:
    """A frozen attempt that wakes up can do nothing: no effect, no record, no wait."""
    await line.claim(running, attempt=1, worker="frozen")
    await line.claim(running, attempt=2, worker="w2")
    frozen = line.key(running, attempt=1)
    with pytest.raises(FencedError, match="step 1: attempt 1 is not the newest"):
        await line.store.steps.confirm(frozen)
    with pytest.raises(FencedError):
        await line.store.steps.end(frozen, DONE, now=line.later())
    with pytest.raises(FencedError, match="step 1: attempt 1 came too late"):
        await line.claim(running, attempt=1)
    await line.store.steps.confirm(line.key(running, attempt=2))
    (shown,) = (await line.promotion(running)).status.step_execution_metadata
    assert (shown.status, shown.attempt, shown.worker) == (StepStatus.RUNNING, 2, "w2")


async def test_the_clock_runs_from_the_first_start(line: Crew, running: str) -> None:
    """A new attempt does not begin the step's time anew (Kargo §14.27)."""
    first = (await line.claim(running, attempt=1))["1"].execution.started_at
    assert (await line.claim(running, attempt=2))["1"].execution.started_at == first


async def test_a_step_that_ended_is_not_run_again(line: Crew, running: str) -> None:
    """An attempt whose answer was lost is answered again, from the record."""
    await line.step(running, StepEnd(StepStatus.SUCCEEDED, output={"commit": "abc"}))
    record = (await line.claim(running, attempt=2))["1"]
    assert record.execution.status is StepStatus.SUCCEEDED
    assert record.output == {"commit": "abc"}
    with pytest.raises(FencedError):
        await line.store.steps.end(
            line.key(running, attempt=2), StepEnd(StepStatus.FAILED), now=line.later()
        )
    assert await status_of(line, running) is StepStatus.SUCCEEDED


async def test_errors_are_counted(line: Crew, running: str) -> None:
    """An error that may be tried again leaves the step running; a wait is none (§14.28)."""
    for attempt, error in ((1, True), (2, False), (3, True)):
        await line.claim(running, attempt=attempt)
        end = StepEnd(StepStatus.RUNNING, message="later", error=error)
        await line.store.steps.end(line.key(running, attempt=attempt), end, now=line.later())
    (shown,) = (await line.promotion(running)).status.step_execution_metadata
    assert (shown.error_count, shown.status, shown.finished_at) == (2, StepStatus.RUNNING, None)


async def test_pins_are_kept_before_an_effect(line: Crew, running: str) -> None:
    """What an effect must not choose anew is written down before it acts."""
    await line.claim(running)
    await line.store.steps.confirm(line.key(running), config={"a": 1}, pins={"key": "k1"})
    record = (await line.claim(running, attempt=2))["1"]
    assert (record.config, record.pins) == ({"a": 1}, {"key": "k1"})


async def test_settling_fences_off_whoever_still_runs(line: Crew, running: str) -> None:
    """Once a Promotion has ended, its frozen workers write nothing."""
    await line.claim(running)
    await line.settle(running, (Phase.ABORTED, "over"))
    with pytest.raises(FencedError):
        await line.store.steps.end(line.key(running), DONE, now=line.later())
    with pytest.raises(FencedError):
        await line.store.steps.confirm(line.key(running))
    assert await status_of(line, running) is StepStatus.ABORTED


async def test_no_step_begins_that_is_not_wanted(line: Crew, running: str) -> None:
    """Neither before it goes in, nor after an abort was asked for, nor once it is gone."""
    pending = await line.promote(DEV, F1)
    with pytest.raises(FencedError):
        await line.claim(pending)
    await line.say(running, "abort")
    with pytest.raises(FencedError):
        await line.claim(running)
    with pytest.raises(FencedError):
        await line.claim("never-heard-of")
    assert (await line.promotion(running)).status.step_execution_metadata == ()


async def test_once_an_abort_is_asked_any_ending_is_aborted(line: Crew, running: str) -> None:
    """A step that ends well after that is Aborted too, and may not act any more."""
    await line.claim(running)
    await line.say(running, "abort")
    with pytest.raises(FencedError, match="not wanted"):
        await line.store.steps.confirm(line.key(running))
    await line.store.steps.end(line.key(running), DONE, now=line.later())
    assert await status_of(line, running) is StepStatus.ABORTED
    assert await line.settle(running) == (Phase.ABORTED, "aborted by ann")


async def test_waiting_shows_on_promotion_and_stage(line: Crew, running: str) -> None:
    """What its steps wait for is warned of, once, and goes away again, each by itself."""
    unmet = Unmet(reason="WaitingForCredentials", message="apply one for git.example", step="1")
    beside = unmet.model_copy(update={"message": "apply another", "step": "2"})
    promotion = await line.promotion(running)
    for _ in range(2):
        await line.store.gates.wait(promotion, unmet, actor=ANN, now=line.later())
    assert (await line.promotion(running)).status.waiting == (unmet,)
    assert await _promoting(line) == ("WaitingForCredentials", unmet.message)
    warnings = [e for e in await line.events() if e.startswith("WaitingForCredentials")]
    assert len(warnings) == 2, "one on the Stage, one on the Promotion"
    await line.store.gates.wait(promotion, beside, actor=ANN, now=line.later())
    assert (await line.promotion(running)).status.waiting == (unmet, beside)
    await line.store.gates.go_on(promotion, "2")
    assert (await line.promotion(running)).status.waiting == (unmet,)
    await line.store.gates.go_on(promotion, "1")
    assert (await line.promotion(running)).status.waiting == ()
    assert await _promoting(line) == ("ActivePromotion", running)


async def test_what_has_ended_does_not_wait(line: Crew, running: str) -> None:
    """A frozen worker cannot make an ended Promotion look as if it waited."""
    promotion = await line.promotion(running)
    await line.settle(running, (Phase.FAILED, "no"))
    before = await line.stage(DEV), await line.promotion(running)
    unmet = Unmet(reason="WaitingForCredentials", message="late")
    await line.store.gates.wait(promotion, unmet, actor=ANN, now=line.later())
    await line.store.gates.go_on(promotion, "1")
    assert (await line.stage(DEV), await line.promotion(running)) == before


async def _promoting(crew: Crew) -> tuple[str, str]:
    conditions = (await crew.stage(DEV)).status.conditions
    (found,) = (c for c in conditions if c.type == "Promoting")
    return found.reason, found.message
