"""Turns: strictly one Promotion at a time goes into a Stage, in order."""

from __future__ import annotations

from ferryman.domain.promotion import Phase
from tests.crew import Crew
from tests.pipelines import freight, pipeline, policy, stage

F1, F2, F3 = freight(1), freight(2), freight(3)
DEV, PROD = "development", "production"
NO = (Phase.FAILED, "no")


async def test_one_at_a_time(line: Crew) -> None:
    """The second waits while the first has the turn, and then goes in."""
    await line.mint(F1, F2)
    first, second = await line.promote(DEV, F1), await line.promote(DEV, F2)
    assert (await line.admit(first)).state == "admitted"
    waiting = await line.admit(second)
    assert [u.message for u in waiting.unmet] == [f"the turn is {first}'s"]
    await line.settle(first, NO)
    assert (await line.admit(second)).state == "admitted"


async def test_in_order_of_creation(line: Crew) -> None:
    """A free turn goes to the first that is ready, whoever asks first."""
    await line.mint(F1, F2, F3)
    names = [await line.promote(DEV, f) for f in (F1, F2, F3)]
    for name in names:
        await line.admit(name)
    await line.settle(names[0], NO)
    behind = await line.admit(names[2])
    assert [u.message for u in behind.unmet] == [f"the turn is {names[1]}'s"]
    assert (await line.decide(DEV)).promotions == (names[1],)
    assert (await line.admit(names[2])).state == "waiting"
    assert (await line.admit(names[1])).state == "admitted"


async def test_who_has_not_been_looked_at_yet_keeps_its_place(line: Crew) -> None:
    """The later of two whose workflow is the faster one waits: nobody is overtaken by chance."""
    await line.mint(F1, F2)
    first, second = await line.promote(DEV, F1), await line.promote(DEV, F2)
    behind = await line.admit(second)
    assert [u.message for u in behind.unmet] == [f"the turn is {first}'s"]
    assert (await line.decide(DEV)).promotions == ()
    assert (await line.admit(first)).state == "admitted"


async def test_who_turns_out_to_wait_for_people_lets_the_others_by(line: Crew) -> None:
    """Those that stood behind it are told at once, and once."""
    await line.mint(F1, F2)
    await line.declare(policy(stage=DEV))
    asks, passes = await line.promote(DEV, F1), await line.promote(DEV, F2)
    await line.say(passes)
    assert (await line.admit(passes)).state == "waiting"
    assert [(await line.admit(asks)).passed_by for _ in range(2)] == [DEV, ""]
    assert (await line.decide(DEV)).promotions == (passes,)
    assert (await line.admit(passes)).state == "admitted"


async def test_asking_again_keeps_the_turn(line: Crew) -> None:
    """A workflow that was lost and comes back still has its turn."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    again = await line.admit(name)
    assert (again.state, again.phase) == ("admitted", Phase.RUNNING)


async def test_going_in_shows_on_the_stage(line: Crew) -> None:
    """While a Promotion runs, the Stage names it, and its health is unknown."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    status = (await line.stage(DEV)).status
    assert status.current_promotion
    assert status.current_promotion.name == name
    assert status.health
    assert status.health.status == "Unknown"
    promotion = await line.promotion(name)
    assert (promotion.status.phase, promotion.status.started_at) == (Phase.RUNNING, line.now)


async def test_who_waits_at_the_gate_does_not_hold_the_others_up(line: Crew) -> None:
    """A later Promotion that needs nobody passes an earlier one that waits for people."""
    await line.mint(F1, F2)
    await line.declare(policy(stage=DEV))
    asks, passes = await line.promote(DEV, F1), await line.promote(DEV, F2)
    assert [u.message for u in (await line.admit(asks)).unmet] == ["approval 0 of 1"]
    await line.say(passes)
    assert (await line.admit(passes)).state == "admitted"


async def test_a_gate_that_shuts_gives_the_turn_back(line: Crew) -> None:
    """A policy that comes while the turn is given makes it wait, and the next one goes in."""
    await line.mint(F1, F2, F3)
    running, asks, after = [await line.promote(DEV, f) for f in (F1, F2, F3)]
    for name in (running, asks):
        await line.admit(name)
    await line.settle(running, NO)
    assert (await line.decide(DEV)).promotions == (asks,)
    await line.declare(policy(stage=DEV))
    assert (await line.admit(asks)).state == "waiting"
    await line.say(after)
    assert (await line.admit(after)).state == "admitted"


async def test_what_is_there_is_verified_before_the_next_goes_in(line: Crew) -> None:
    """However soon the next asks, what the Stage has may go on downstream (Kargo §14.13)."""
    await line.mint(F1, F2)
    first, second = await line.promote(DEV, F1), await line.promote(DEV, F2)
    await line.run(first)
    assert DEV in (await line.freight(F1)).status.verified_in
    assert (await line.admit(second)).state == "admitted"


async def test_a_waiting_promotion_says_why_once(crew: Crew) -> None:
    """What it waits for stands on the Promotion, and is told once, not every time it asks."""
    await crew.declare(*pipeline(approvals=2))
    await crew.mint(F1)
    await crew.approve(F1, PROD)
    name = await crew.promote(PROD, F1)
    for _ in range(3):
        await crew.admit(name)
    waiting = (await crew.promotion(name)).status.waiting
    assert [u.reason for u in waiting] == ["WaitingForApproval"]
    told = await crew.events(kind="Promotion")
    assert told[1:] == ["WaitingForApproval: approval 0 of 2"]


async def test_freight_that_may_not_enter_any_more(line: Crew) -> None:
    """Availability is looked at again when it would go in, and every reason given (§14.14)."""
    await line.mint(F1)
    await line.carry(DEV, F1)
    name = await line.promote("staging", F1)
    await line.declare(stage("staging", DEV, "qa", every=True))
    await line.admit(name)
    status = (await line.promotion(name)).status
    assert status.phase is Phase.ERRORED
    assert "may not enter stage staging: not verified in stage qa" in status.message


async def test_overtaken_asks_again(line: Crew) -> None:
    """What something newer overtook at its gate would go back: somebody must agree to that."""
    await line.declare(policy(stage=DEV))
    await line.mint(F1, F2)
    slow, quick = await line.promote(DEV, F1), await line.promote(DEV, F2)
    await line.admit(slow)
    await line.say(quick)
    await line.run(quick)
    await line.decide(DEV)
    assert (await line.say(slow, by="bob")).refused == ""
    assert (await line.admit(slow)).state == "admitted"


async def test_approvals_from_before_the_overtaking_are_past(line: Crew) -> None:
    """Who agreed before something newer went in must agree again, and may."""
    await line.declare(policy(2, stage=DEV))
    await line.mint(F1, F2)
    slow, quick = await line.promote(DEV, F1), await line.promote(DEV, F2)
    await line.say(slow)
    await line.admit(slow)
    for person in ("ann", "bob"):
        await line.say(quick, by=person)
    await line.run(quick)
    await line.decide(DEV)
    (unmet,) = (await line.admit(slow)).unmet
    assert unmet.message == f"overtaken by {quick}; approval 0 of 2"
    for person in ("ann", "bob"):
        assert (await line.say(slow, by=person)).refused == ""
    assert (await line.admit(slow)).state == "admitted"


async def test_a_promotion_of_a_project_that_is_gone(line: Crew) -> None:
    """A workflow that outlives its Project learns that all is over, and may end."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.delete("Project", "shop")
    assert (await line.admit(name)).state == "ended"
    phase, message = await line.settle(name)
    assert (phase, message) == (Phase.ABORTED, f"promotion {name} does not exist in project shop")
