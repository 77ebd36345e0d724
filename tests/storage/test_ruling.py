"""Skipping and overriding steps of a Promotion that runs."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import ConflictError, FencedError, InvalidError
from ferryman.domain.promotion import Unmet
from ferryman.domain.ruling import Ruling
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.crew import ANN, DONE, Crew
from tests.pipelines import PROJECT, freight

WAITS = StepEnd(StepStatus.RUNNING, message="waits for a Secret")
SKIP = Ruling("skip", "1", "not needed today")


async def rule(crew: Crew, name: str, ruling: Ruling = SKIP) -> None:
    """Ann says how a step ends."""
    await crew.store.rulings.rule(PROJECT, name, ruling, actor=ANN, now=crew.later())


@pytest.fixture
async def running(line: Crew) -> str:
    """A Promotion whose first step waits."""
    await line.mint(freight(1))
    name = await line.promote("development", freight(1))
    await line.admit(name)
    await line.claim(name)
    await line.store.steps.end(line.key(name), WAITS, now=line.later())
    return name


async def test_a_step_that_waits_is_skipped(line: Crew, running: str) -> None:
    """It ends with who and why, is not waited for any more, and whoever had it is fenced off."""
    unmet = Unmet(reason="WaitingForCredentials", message="apply one", step="1")
    promotion = await line.promotion(running)
    await line.store.gates.wait(promotion, unmet, actor=ANN, now=line.later())
    await rule(line, running)
    status = (await line.promotion(running)).status
    (step,) = status.step_execution_metadata
    assert (step.status, step.message) == (StepStatus.SKIPPED, "skipped by ann: not needed today")
    assert status.waiting == ()
    with pytest.raises(FencedError):
        await line.store.steps.end(line.key(running), DONE, now=line.later())
    events = await line.events()
    assert "PromotionStepSkipped: step 1 skipped by ann: not needed today" in events
    (said,) = await line.store.promotions.decisions(PROJECT, running)
    assert (said.verdict, said.step, said.actor) == ("skip", "1", "ann")


async def test_an_override_gives_outputs(line: Crew, running: str) -> None:
    """Later steps see what somebody says that it put out."""
    ruling = Ruling("override", "step-1", "by hand", StepStatus.SUCCEEDED, {"commit": "abc"})
    await rule(line, running, ruling)
    records = await line.claim(running, number=2)
    assert records["1"].execution.status is StepStatus.SUCCEEDED
    assert records["1"].output == {"commit": "abc"}


async def test_not_in_the_middle_of_an_effect(line: Crew, running: str) -> None:
    """Once a step has passed its fence, nobody can say that it did not happen."""
    await line.claim(running, attempt=2)
    await line.store.steps.confirm(line.key(running, attempt=2))
    with pytest.raises(ConflictError, match="step step-1 is acting on the world"):
        await rule(line, running)
    await line.store.steps.end(line.key(running, attempt=2), WAITS, now=line.later())
    await rule(line, running)


async def test_too_early_and_too_late(line: Crew, running: str) -> None:
    """A step that has not begun, or has ended, is refused with a sentence."""
    with pytest.raises(ConflictError, match="step step-2 has not begun"):
        await rule(line, running, Ruling("skip", "2", "why not"))
    await rule(line, running)
    with pytest.raises(ConflictError, match="step step-1 has ended already: Skipped"):
        await rule(line, running)
    await line.settle(running)
    with pytest.raises(ConflictError, match="has ended: Errored; with --retry"):
        await rule(line, running)


async def test_what_cannot_be_said(line: Crew, running: str) -> None:
    """Without a reason, with too much output, or of no step at all."""
    with pytest.raises(InvalidError, match="reason: say why"):
        await rule(line, running, Ruling("skip", "1", " "))
    long = Ruling("override", "1", "r", StepStatus.SUCCEEDED, {"text": "x" * 300_000})
    with pytest.raises(InvalidError, match="outputs: they have"):
        await rule(line, running, long)
    with pytest.raises(InvalidError, match="there is no step 'nope'"):
        await rule(line, running, Ruling("skip", "nope", "r"))


async def test_an_effect_that_was_cut_off_says_so(line: Crew, running: str) -> None:
    """Aborted in mid-act, a step tells that it may have happened."""
    await line.claim(running, attempt=2)
    await line.store.steps.confirm(line.key(running, attempt=2))
    await line.say(running, "abort")
    await line.admit(running)
    (step,) = (await line.promotion(running)).status.step_execution_metadata
    assert step.status is StepStatus.ABORTED
    assert "whether that was done, a retry finds out" in step.message
