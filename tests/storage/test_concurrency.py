"""Two processes at once: whatever they do, it is as if one had come after the other."""

from __future__ import annotations

import asyncio

import pytest

from ferryman.domain.errors import ConflictError
from ferryman.domain.promotion import Phase
from ferryman.domain.stage import Stage
from ferryman.storage.store import Store
from tests.crew import ANN, DONE, Crew
from tests.pipelines import PROJECT, freight, pipeline, stage

pytestmark = pytest.mark.slow

F1, F2 = freight(1), freight(2)
DEV = "development"


@pytest.fixture
def others(second: Store, line: Crew) -> Crew:
    """Who works on the same store in another process."""
    return Crew(second, line.now)


async def test_one_turn(line: Crew, others: Crew) -> None:
    """Of many that ask at the same moment, exactly one goes in."""
    await line.mint(F1)
    names = [await line.promote(DEV, F1) for _ in range(8)]
    entries = await asyncio.gather(
        *((others if i % 2 else line).admit(name) for i, name in enumerate(names))
    )
    assert [e.state for e in entries].count("admitted") == 1
    running = [p for p in await line.store.promotions.list(PROJECT) if p.status.started_at]
    assert len(running) == 1


async def test_one_auto_promotion(line: Crew, others: Crew) -> None:
    """Lanes that decide for one Stage at the same moment create one Promotion."""
    await line.declare(*pipeline(DEV))
    await line.mint(F1)
    decided = await asyncio.gather(*(c.decide(DEV) for c in (line, others) * 4))
    assert sum(len(d.promotions) for d in decided) == 1
    assert len(await line.store.promotions.list(PROJECT)) == 1


async def test_names_in_order(line: Crew, others: Crew) -> None:
    """Promotions that are created at the same moment still have an order, and no twins."""
    await line.mint(F1)
    names = await asyncio.gather(*(c.promote(DEV, F1) for c in (line, others) * 5))
    assert len(set(names)) == 10


async def test_one_minting(line: Crew, others: Crew) -> None:
    """Two discoveries that find the same make one Freight."""
    made = await asyncio.gather(
        *(c.store.freight.mint(F1, actor=ANN, now=line.now) for c in (line, others) * 3)
    )
    assert sum(is_new for _, is_new in made) == 1
    assert len({shipment.alias for shipment, _ in made}) == 1
    assert len(await line.events(kind="Freight")) == 1


async def test_one_claim(line: Crew, others: Crew) -> None:
    """Two workers that were given the same attempt do not both get it."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    claims = await asyncio.gather(*(c.claim(name) for c in (line, others)), return_exceptions=True)
    assert sum(isinstance(c, dict) for c in claims) == 1


async def test_settling_and_ending_a_step(line: Crew, others: Crew) -> None:
    """A worker that ends its step while the Promotion is settled neither hangs nor is lost."""
    await line.mint(F1)
    for _ in range(4):
        name = await line.promote(DEV, F1)
        assert (await line.admit(name)).state == "admitted"
        await line.claim(name)
        ended, settled = await asyncio.gather(
            others.store.steps.end(line.key(name), DONE, now=line.now),
            line.settle(name, (Phase.FAILED, "no")),
            return_exceptions=True,
        )
        assert settled == (Phase.FAILED, "no")
        (shown,) = (await line.promotion(name)).status.step_execution_metadata
        assert shown.status == ("Errored" if ended else "Succeeded")


async def test_applying_the_same(line: Crew, others: Crew) -> None:
    """Of those who declare the same new things at once, one creates each."""
    wanted = [stage(f"s{i}") for i in range(5)]
    applied = await asyncio.gather(line.declare(*wanted), others.declare(*wanted[::-1]))
    outcomes = [a.outcome for each in applied for a in each]
    assert sorted(outcomes) == ["created"] * 5 + ["unchanged"] * 5


async def test_changing_what_both_have_read(line: Crew, others: Crew) -> None:
    """One of two changes to the same version is stored, the other refused."""
    read = await line.stage(DEV)
    versions = [
        read.model_copy(update={"spec": stage(DEV, steps=[kind]).spec}) for kind in ("a", "b")
    ]
    tried = await asyncio.gather(
        line.declare(versions[0]), others.declare(versions[1]), return_exceptions=True
    )
    assert sum(isinstance(t, ConflictError) for t in tried) == 1
    assert (await line.stage(DEV)).metadata.generation == 2


async def test_declaring_a_stage_while_its_lane_decides(line: Crew, others: Crew) -> None:
    """Neither the new spec nor what was observed gets lost."""
    await line.declare(*pipeline(DEV))
    await line.mint(F1)
    for number in range(6):
        changed = stage(DEV, steps=["git-push"] * (number + 1))
        await asyncio.gather(line.declare(changed), others.decide(DEV))
    decided = await line.stage(DEV)
    assert (len(decided.spec.steps), decided.metadata.generation) == (6, 7)
    await line.decide(DEV)
    assert (await line.stage(DEV)).status.observed_generation == 7


async def test_applying_into_a_project_that_goes(line: Crew, others: Crew) -> None:
    """What is declared while its Project is deleted is gone with it, or refused."""
    await asyncio.gather(
        line.declare(*[stage(f"s{i}") for i in range(5)]),
        others.delete("Project", PROJECT),
        return_exceptions=True,
    )
    assert await line.store.resources.everywhere(Stage) == []


async def test_decisions_at_once(line: Crew, others: Crew) -> None:
    """However often ann agrees at the same moment, it counts once."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    said = await asyncio.gather(*(c.say(name) for c in (line, others) * 3))
    assert [d.refused for d in said].count("") == 1
