"""Deciding: what people say about Promotions is recorded, whether or not it counts."""

from __future__ import annotations

import pytest

from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.promotion import Phase
from ferryman.storage.store import Store
from tests.crew import Crew
from tests.pipelines import freight, pipeline

F1 = freight(1)
DEV, PROD = "development", "production"
SOMEBODY = Actor(name="temporal:somebody", proven=False)


@pytest.fixture
async def asked(crew: Crew) -> str:
    """A Promotion that two people must agree to."""
    await crew.declare(*pipeline(approvals=2))
    await crew.mint(F1)
    await crew.approve(F1, PROD)
    name = await crew.promote(PROD, F1)
    await crew.admit(name)
    return name


async def test_two_people(crew: Crew, asked: str) -> None:
    """It goes in once as many people have agreed as the policy asks for."""
    await crew.say(asked, by="ann", comment="fine")
    assert [u.message for u in (await crew.admit(asked)).unmet] == ["approval 1 of 2"]
    await crew.say(asked, by="bob")
    assert (await crew.admit(asked)).state == "admitted"
    told = await crew.events(name=asked)
    assert told[-2:] == [
        "PromotionApproved: approved by ann: fine",
        "PromotionApproved: approved by bob",
    ]


async def test_a_duplicate_is_recorded_and_does_not_count(crew: Crew, asked: str) -> None:
    """The refusal says why, to whoever decided and in the record."""
    await crew.say(asked)
    said = await crew.say(asked)
    assert said.refused == "ann approved it already"
    decisions = await crew.store.promotions.decisions(crew.project, asked)
    assert [(d.verdict, d.refused) for d in decisions] == [
        ("approve", ""),
        ("approve", "ann approved it already"),
    ]
    assert (await crew.events(name=asked))[-1] == (
        "DecisionRefused: approve by ann did not count: ann approved it already"
    )
    assert (await crew.admit(asked)).state == "waiting"


async def test_a_rejection_ends_it(crew: Crew, asked: str) -> None:
    """As Failed, with who and why; what comes after that is too late, and recorded."""
    await crew.say(asked, "reject", by="bob", comment="not on a Friday")
    await crew.admit(asked)
    status = (await crew.promotion(asked)).status
    assert (status.phase, status.message) == (Phase.FAILED, "rejected by bob: not on a Friday")
    late = await crew.say(asked)
    assert late.refused == "the promotion does not wait for a decision: it is Failed"


async def test_an_abort_at_the_gate(crew: Crew, asked: str) -> None:
    """It ends when it asks next, and says who stopped it."""
    await crew.say(asked, "abort", by="bob", comment="wrong version")
    entry = await crew.admit(asked)
    assert entry.end == (Phase.ABORTED, "aborted by bob: wrong version")
    status = (await crew.promotion(asked)).status
    assert (status.phase, status.message) == (Phase.ABORTED, "aborted by bob: wrong version")


async def test_an_abort_in_mid_step(line: Crew) -> None:
    """The step's outcome is Aborted whatever it was, and nothing of it reaches the Stage."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    await line.say(name, "abort")
    assert (await line.admit(name)).end == (Phase.ABORTED, "aborted by ann")
    assert (await line.stage(DEV)).status.current is None
    again = await line.say(name, "abort")
    assert again.refused == "the promotion has ended already: Aborted"


async def test_what_runs_is_not_decided_any_more(line: Crew) -> None:
    """Approving and rejecting are for what waits."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    for verdict in ("approve", "reject"):
        said = await line.say(name, verdict)
        assert said.refused == "the promotion does not wait for a decision: it is Running"
    assert await line.settle(name, (Phase.FAILED, "no")) == (Phase.FAILED, "no")


async def test_a_decision_that_was_not_understood_is_kept(crew: Crew, asked: str) -> None:
    """What came by signal and makes no sense is recorded as refused."""
    said = await crew.store.gates.decide(
        crew.project,
        asked,
        verdict="approve",
        actor=SOMEBODY,
        comment="",
        now=crew.later(),
        refused="the signal's input is not understood",
    )
    assert said.refused == "the signal's input is not understood"
    assert await crew.store.promotions.decisions(crew.project, asked) == [said]
    assert (await crew.events(name=asked))[-1].startswith(
        "DecisionRefused: approve by temporal:somebody (unproven) did not count"
    )


async def test_where_proof_is_needed(strict: Store, crew: Crew, asked: str) -> None:
    """A server that needs proof records and refuses what came as claimed."""
    guarded = Crew(strict, crew.now)
    assert (await guarded.say(asked, proven=False)).refused.startswith("this server takes")
    assert (await guarded.say(asked, "abort", proven=False)).refused != ""
    assert (await guarded.say(asked)).refused == ""


async def test_an_unknown_promotion(line: Crew) -> None:
    """There is nothing to decide about what does not exist."""
    with pytest.raises(NotFoundError, match="promotion nothing does not exist in project shop"):
        await line.say("nothing")
