"""Settling: how a Promotion ends, and what its Stage has then."""

from __future__ import annotations

from ferryman.domain.promotion import Phase
from ferryman.domain.stage import StageStatus
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.crew import DONE, Crew
from tests.pipelines import freight, policy, project, stage, warehouse

F1, F2 = freight(1), freight(2)
DEV = "development"
GATE_SAID_NO = StepEnd(StepStatus.FAILED, message="the gate said no")


def conditions(status: StageStatus) -> dict[str, str]:
    """Each condition as `status/reason`."""
    return {c.type: f"{c.status}/{c.reason}" for c in status.conditions}


async def test_success(line: Crew) -> None:
    """The Stage has the Freight and has verified it, and says so; the turn is free."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    assert await line.run(name) is Phase.SUCCEEDED
    status = (await line.stage(DEV)).status
    assert status.freight_summary == F1.name
    assert status.current_promotion is None
    assert status.last_promotion
    assert (status.last_promotion.name, status.last_promotion.status.phase) == (
        name,
        Phase.SUCCEEDED,
    )
    assert status.health
    assert status.health.status == "Healthy"
    assert conditions(status) == {
        "Promoting": "False/NoActivePromotion",
        "Ready": "True/Promoted",
        "Verified": "True/Verified",
    }
    assert DEV in (await line.freight(F1)).status.currently_in
    assert (await line.events())[
        -1
    ] == f"PromotionSucceeded: Freight {F1.name[:7]} is in stage {DEV}"


async def test_failure(line: Crew) -> None:
    """The Stage keeps what it had, its health is unknown, and it says why (Kargo §14.49)."""
    await line.mint(F1, F2)
    await line.carry(DEV, F1)
    name = await line.promote(DEV, F2)
    assert await line.run(name, DONE, GATE_SAID_NO) is Phase.FAILED
    status = (await line.stage(DEV)).status
    assert status.freight_summary == F1.name
    assert status.health
    assert (status.health.status, status.health.issues) == (
        "Unknown",
        ("the last promotion is Failed: step step-2 (git-push): the gate said no",),
    )
    assert conditions(status)["Ready"] == "False/LastPromotionFailed"
    assert (await line.freight(F2)).status.currently_in == {}


async def test_what_follows_a_failure_is_shown_as_skipped(line: Crew) -> None:
    """Steps that nobody ran are recorded too, each with the reason."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.run(name, GATE_SAID_NO)
    shown = (await line.promotion(name)).status.step_execution_metadata
    assert [(s.path, s.uses, s.status, s.message) for s in shown] == [
        ("1", "git-push", StepStatus.FAILED, "the gate said no"),
        ("2", "yaml-update", StepStatus.SKIPPED, "an earlier step failed"),
        ("3", "git-push", StepStatus.SKIPPED, "an earlier step failed"),
    ]


async def test_a_step_that_left_no_record_never_succeeds(line: Crew) -> None:
    """Whatever the workflow believes: without its record, a step has not been done."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    assert await line.run(name, DONE, DONE) is Phase.ERRORED
    status = (await line.promotion(name)).status
    assert status.message == "step step-3 (git-push): it left no record of how it ended"
    assert (await line.stage(DEV)).status.current is None


async def test_a_step_that_still_runs_is_cut_off(line: Crew) -> None:
    """Settling ends it as Errored, with a message; its worker is fenced off."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    await line.claim(name)
    phase, message = await line.settle(name)
    assert phase is Phase.ERRORED
    assert message == "step step-1 (git-push): it was cut off before it could end"


async def test_settling_again_changes_nothing(line: Crew) -> None:
    """However often and however it is told to end: the first ending stands, and is told once."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.run(name)
    before = (await line.promotion(name), await line.stage(DEV), await line.events())
    assert await line.settle(name, (Phase.ABORTED, "late")) == (Phase.SUCCEEDED, "")
    assert (await line.promotion(name), await line.stage(DEV), await line.events()) == before


async def test_what_never_went_in_says_nothing_about_its_stage(line: Crew) -> None:
    """Rejecting or aborting what waits leaves the Stage to the one that runs in it."""
    await line.mint(F1, F2)
    running, waiting, other = [await line.promote(DEV, f) for f in (F1, F2, F2)]
    await line.admit(running)
    before = await line.stage(DEV)
    await line.say(waiting, "reject", comment="not today")
    await line.admit(waiting)
    await line.say(other, "abort")
    await line.admit(other)
    assert (await line.promotion(waiting)).status.phase is Phase.FAILED
    assert (await line.promotion(other)).status.phase is Phase.ABORTED
    assert await line.stage(DEV) == before
    assert (await line.admit(running)).state == "admitted"


async def test_history_is_newest_first_and_bounded(line: Crew) -> None:
    """Ten entries are remembered; promoting the same again is an entry of its own (§14.48, 64)."""
    await line.declare(stage(DEV, steps=["git-push"]))
    await line.mint(F1, F2)
    for number in range(11):
        await line.carry(DEV, F2 if number % 2 else F1)
    await line.carry(DEV, F1)
    history = (await line.stage(DEV)).status.freight_history
    assert len(history) == 10
    assert history[0].id == history[1].id
    assert all(entry.verification_history for entry in history)


async def test_the_other_origins_freight_is_carried_over_when_it_goes_in(crew: Crew) -> None:
    """What a Stage has of other origins is looked up when its turn comes, not at creation."""
    await crew.declare(
        project(), warehouse(), warehouse("base"), stage(DEV, origins=("app", "base"))
    )
    base = freight(7, origin="base")
    await crew.mint(F1, F2, base)
    await crew.carry(DEV, F1)
    newer, other = await crew.promote(DEV, F2), await crew.promote(DEV, base)
    assert await crew.run(newer) is Phase.SUCCEEDED
    await crew.decide(DEV)
    assert await crew.run(other) is Phase.SUCCEEDED
    current = (await crew.stage(DEV)).status.current
    assert current
    assert {f.name for f in current.items.values()} == {F2.name, base.name}
    assert DEV in (await crew.freight(F2)).status.currently_in
    assert (await crew.stage(DEV)).status.freight_summary == "2/2 Fulfilled"


async def test_what_never_went_in_is_not_carried_over(crew: Crew) -> None:
    """Freight that was rejected at the gate is in no later Promotion's collection."""
    await crew.declare(
        project(), warehouse(), warehouse("base"), stage(DEV, origins=("app", "base"))
    )
    await crew.declare(policy(stage=DEV))
    base = freight(7, origin="base")
    await crew.mint(F1, base)
    rejected = await crew.promote(DEV, F1)
    await crew.say(rejected, "reject")
    await crew.admit(rejected)
    name = await crew.promote(DEV, base)
    await crew.say(name)
    await crew.run(name)
    collection = (await crew.promotion(name)).status.freight_collection
    assert collection
    assert list(collection.items) == ["Warehouse/base"]


async def test_settling_for_a_stage_that_is_gone(line: Crew) -> None:
    """A Promotion whose Stage was deleted ends as aborted, and says why."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    await line.delete("Stage", DEV)
    assert (await line.admit(name)).state == "ended"
    status = (await line.promotion(name)).status
    assert (status.phase, status.message) == (Phase.ABORTED, "stage development was deleted")
