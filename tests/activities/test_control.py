"""The control activities: what workflows ask of the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.control import Control
from activities.failures import OurWords
from activities.steps import STEPS
from ferryman.domain.errors import FerrymanError, InvalidError, TemporaryError
from ferryman.domain.plan import (
    DecisionCall,
    Moment,
    PromoteCall,
    PromoteRequest,
    PromotionKey,
    Settlement,
)
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.crew import ANN, Crew
from tests.fakes.nudges import RecordingNudges
from tests.pipelines import PROJECT, freight, pipeline


@pytest.fixture
async def control(crew: Crew) -> Control:
    """The activities, over a pipeline with one Freight."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    return Control(crew.store, RecordingNudges(), STEPS)


def sent(control: Control) -> list[tuple[Any, ...]]:
    """Whom they woke."""
    assert isinstance(control.nudges, RecordingNudges)
    return list(control.nudges.sent)


async def ask(question: Any, call: Any, *, attempt: int = 1) -> Any:
    """Run one of them as an activity."""
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt)
    return await environment.run(question, call)


def request(crew: Crew, **more: str) -> PromoteCall:
    """What the friendly door is asked."""
    fields = {"project": PROJECT, "stage": "development", "freight": freight(1).name, **more}
    return PromoteCall(request=PromoteRequest(**fields), now=crew.later())


async def test_the_plan(control: Control, crew: Crew) -> None:
    """An admitted Promotion has its steps in order, with what had become of them."""
    name = await crew.promote("development", freight(1))
    moment = Moment(project=PROJECT, name=name, now=crew.later())
    fresh = await ask(control.admit, moment)
    assert [(s.path, s.uses, s.status) for s in fresh.plan.steps] == [
        ("1", "git-clone", None),
        ("2", "yaml-update", None),
        ("3", "git-push", None),
    ]
    assert (fresh.plan.queue, fresh.plan.worker_queue) == ("ferryman", "")
    await crew.step(name)
    await crew.claim(name, number=2, attempt=4)
    again = await ask(control.admit, moment)
    assert [(s.path, s.status, s.attempt) for s in again.plan.recorded] == [
        ("1", StepStatus.SUCCEEDED, 1),
        ("2", None, 4),
    ]
    assert again.plan.worker_queue == "ferryman.worker.w1"


async def test_settling(control: Control, crew: Crew) -> None:
    """A Promotion ends as its steps did, and its Stage looks what is next."""
    name = await crew.promote("development", freight(1))
    await crew.admit(name)
    await crew.step(name, StepEnd(StepStatus.FAILED, message="no"))
    call = Settlement(project=PROJECT, name=name, now=crew.later())
    settled = await ask(control.settle, call)
    assert settled.phase == "Failed"
    assert settled.message.endswith("no")
    assert sent(control) == [("stage", PROJECT, "development")]


async def test_what_is_gone(control: Control, crew: Crew) -> None:
    """Whatever is asked of a Promotion that is gone with its Project has an answer."""
    name = await crew.promote("development", freight(1))
    await crew.store.resources.delete("Project", "", PROJECT, actor=ANN, now=crew.later())
    moment = Moment(project=PROJECT, name=name, now=crew.later())
    assert (await ask(control.admit, moment)).state == "ended"
    settlement = Settlement(project=PROJECT, name=name, now=crew.now)
    assert (await ask(control.settle, settlement)).phase == "Aborted"
    call = DecisionCall(project=PROJECT, promotion=name, verdict="approve", now=crew.now)
    assert "does not exist" in (await ask(control.record_decision, call)).refused
    assert (await ask(control.decide, moment)).wake_at is None


@pytest.mark.parametrize("body", ["nonsense", {"by": 7}, {"bye": "ann"}, [1]])
async def test_a_body_that_is_not_understood(control: Control, crew: Crew, body: Any) -> None:
    """It is recorded as a refused decision that shows how one looks."""
    name = await crew.promote("development", freight(1))
    call = DecisionCall(
        project=PROJECT, promotion=name, verdict="approve", body=body, now=crew.later()
    )
    decision = await ask(control.record_decision, call)
    assert '{"by": "ann", "comment": "ok"}' in decision.refused
    kept = await crew.store.promotions.decisions(PROJECT, name)
    assert [d.refused for d in kept] == [decision.refused]


async def test_promoting(control: Control, crew: Crew) -> None:
    """It is recorded who asked, as claimed; the Promotion is woken."""
    key = await ask(control.promote, request(crew, by="ann"))
    promotion = await crew.promotion(key.name)
    actor = promotion.metadata.annotations["kargo.akuity.io/create-actor"]
    assert actor.startswith("temporal:ann")
    assert sent(control) == [("promotion", PROJECT, key.name)]


async def test_promoting_once(control: Control, crew: Crew) -> None:
    """An attempt whose answer was lost is found; another request makes another Promotion."""
    call = request(crew)
    first = await ask(control.promote, call)
    again = await ask(control.promote, call, attempt=2)
    other = await ask(control.promote, request(crew), attempt=2)
    assert first.name == again.name != other.name


async def test_what_may_not_be_promoted(control: Control, crew: Crew) -> None:
    """Freight that may not enter is refused with the reason."""
    with pytest.raises(InvalidError, match="may not enter stage production"):
        await ask(control.promote, request(crew, stage="production"))


async def test_watching(control: Control, crew: Crew) -> None:
    """While it has not ended, that is a reason to ask again, and no error."""
    name = await crew.promote("development", freight(1))
    key = PromotionKey(project=PROJECT, name=name)
    with pytest.raises(ApplicationError, match="is Pending") as again:
        await ask(control.await_promotion, key)
    assert not again.value.non_retryable
    await crew.run(name)
    assert (await ask(control.await_promotion, key)).phase == "Succeeded"


@pytest.mark.parametrize("error", [InvalidError("no", field="stage"), TemporaryError("busy")])
async def test_our_words(error: FerrymanError) -> None:
    """An error of ours crosses as its sentence, with its type and without its cause."""

    async def failing() -> None:
        raise error from ValueError("hunter2")

    class Inner(ActivityInboundInterceptor):
        def __init__(self) -> None:
            pass

        async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
            return await input.fn()

    outer = OurWords().intercept_activity(Inner())
    given = ExecuteActivityInput(fn=failing, args=[], executor=None, headers={})
    with pytest.raises(ApplicationError) as crossed:
        await outer.execute_activity(given)
    assert (crossed.value.message, crossed.value.type) == (str(error), type(error).__name__)
    assert crossed.value.__cause__ is None
    assert crossed.value.__suppress_context__
    assert bool(crossed.value.next_retry_delay) == isinstance(error, TemporaryError)
    assert activity.in_activity() is False
