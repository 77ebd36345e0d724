"""Whether a Promotion has something to do or to hear that it may not know of."""

from __future__ import annotations

from typing import Literal

import pytest

from ferryman.domain.promotion import Unmet
from ferryman.domain.ruling import Ruling
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.crew import ANN, Crew
from tests.pipelines import PROJECT, freight, pipeline, policy, secret


async def state(crew: Crew, name: str) -> str:
    """How it is, a minute later."""
    now = crew.later(minutes=1)
    return await crew.store.dues.state(PROJECT, name, now=now, secrets_of=[PROJECT])


async def at_gate(crew: Crew) -> str:
    """A Promotion that waits for two approvals."""
    await crew.declare(*pipeline(approvals=2))
    await crew.mint(freight(1))
    await crew.approve(freight(1), "production")
    name = await crew.promote("production", freight(1))
    assert (await crew.admit(name)).state == "waiting"
    return name


async def resting(crew: Crew) -> str:
    """A Promotion whose first step waits for a credential."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    name = await crew.promote("development", freight(1))
    await crew.admit(name)
    await crew.step(name, StepEnd(StepStatus.RUNNING, "no credential"))
    unmet = Unmet(reason="WaitingForCredentials", message="no credential", step="1")
    await crew.store.gates.wait(await crew.promotion(name), unmet, actor=ANN, now=crew.later())
    return name


async def test_what_waits_is_asleep(crew: Crew) -> None:
    """Nothing has changed: nobody needs to wake it."""
    assert await state(crew, await at_gate(crew)) == "asleep"


@pytest.mark.parametrize("approvals", [1, 2])
async def test_an_approval_that_it_did_not_hear(crew: Crew, approvals: int) -> None:
    """It is due when the gate is open, and when it would only say that one more is needed."""
    name = await at_gate(crew)
    for by in ("ann", "bob")[:approvals]:
        await crew.say(name, by=by)
    assert await state(crew, name) == "due"


@pytest.mark.parametrize("verdict", ["reject", "abort"])
async def test_an_end_that_it_did_not_hear(crew: Crew, verdict: Literal["reject", "abort"]) -> None:
    """It is due when somebody ended it."""
    name = await at_gate(crew)
    await crew.say(name, verdict)
    assert await state(crew, name) == "due"


async def test_a_policy_that_it_did_not_hear_of(crew: Crew) -> None:
    """It is due when its gate opened because a policy changed."""
    name = await at_gate(crew)
    await crew.delete("PromotionPolicy", "ask")
    assert await state(crew, name) == "due"


async def test_a_stage_that_is_gone(crew: Crew) -> None:
    """It is due to end."""
    name = await at_gate(crew)
    await crew.delete("Stage", "production")
    assert await state(crew, name) == "due"


async def test_a_turn_that_it_did_not_hear_of(crew: Crew) -> None:
    """It waits for its turn; when it has that, it is due."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1), freight(2))
    first = await crew.promote("development", freight(1))
    assert (await crew.admit(first)).state == "admitted"
    second = await crew.promote("development", freight(2))
    assert (await crew.admit(second)).state == "waiting"
    assert await state(crew, second) == "asleep"
    await crew.settle(first)
    await crew.decide("development")
    assert await state(crew, second) == "due"


async def test_looking_changes_nothing(crew: Crew) -> None:
    """One that may go in is only told of: its own workflow takes the turn."""
    name = await at_gate(crew)
    await crew.declare(policy(0))
    assert await state(crew, name) == "due"
    assert (await crew.promotion(name)).status.phase == "Pending"
    assert await state(crew, name) == "due"


async def test_a_step_that_rests_is_asleep(crew: Crew) -> None:
    """Nothing has changed since it looked."""
    assert await state(crew, await resting(crew)) == "asleep"


async def test_a_secret_that_a_step_did_not_hear_of(crew: Crew) -> None:
    """It is due when a Secret was applied after it looked."""
    name = await resting(crew)
    crew.later(minutes=10)
    await crew.declare(secret(repoURL="https://git.example/shop", username="u", password="p"))
    assert await state(crew, name) == "due"


async def test_a_ruling_that_a_step_did_not_hear_of(crew: Crew) -> None:
    """It is due when somebody skipped the step that rests."""
    name = await resting(crew)
    crew.later(minutes=10)
    ruling = Ruling("skip", "1", "by hand")
    await crew.store.rulings.rule(PROJECT, name, ruling, actor=ANN, now=crew.later())
    assert await state(crew, name) == "due"


async def test_a_step_that_runs_is_work(crew: Crew) -> None:
    """Somebody should be at it, which SQL alone cannot tell."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    name = await crew.promote("development", freight(1))
    await crew.admit(name)
    await crew.claim(name)
    assert await state(crew, name) == "working"


async def test_what_has_ended_is_gone(crew: Crew) -> None:
    """Nobody is woken for it."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    assert await state(crew, await crew.carry("development", freight(1))) == "gone"
