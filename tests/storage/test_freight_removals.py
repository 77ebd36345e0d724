"""Freight removals: what is in use stays, what is gone is not made again by itself."""

from __future__ import annotations

import asyncio

import pytest

from ferryman.domain.actor import controller
from ferryman.domain.errors import ConflictError, FerrymanError, NotFoundError
from ferryman.domain.freight import Freight
from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from ferryman.storage.store import Store
from tests.crew import ANN, Crew
from tests.pipelines import PROJECT, config, freight, project, stage, warehouse

F1, F2 = freight(1, alias="one"), freight(2, alias="two")
DEV = "development"
FAILED = StepEnd(StepStatus.FAILED, message="no")


async def remove(crew: Crew, name: str) -> Freight:
    """Ann deletes it."""
    return await crew.store.freight_removals.remove(PROJECT, name, actor=ANN, now=crew.later())


async def found(crew: Crew, shipment: Freight) -> tuple[Freight | None, bool]:
    """Discovery finds it."""
    return await crew.store.freight.mint_found(
        shipment, actor=controller("discovery"), now=crew.later()
    )


async def test_what_nobody_uses_goes(line: Crew) -> None:
    """By name or alias, with all that was known of it; an event says who did it."""
    await line.mint(F1, F2)
    await line.approve(F1, "staging")
    gone = await remove(line, "one")
    assert gone.name == F1.name
    with pytest.raises(NotFoundError):
        await line.freight(F1)
    with pytest.raises(NotFoundError):
        await remove(line, "one")
    assert [f.name for f in await line.store.freight.list(PROJECT)] == [F2.name]
    told = (await line.store.events.list(PROJECT))[-1]
    assert (told.message, told.actor) == (f"Freight one ({F1.name[:7]}) was deleted", "ann")


async def test_what_a_stage_has_stays(line: Crew) -> None:
    """Until something else is there; the Promotion that brought it keeps what it carried."""
    await line.mint(F1, F2)
    name = await line.carry(DEV, F1)
    with pytest.raises(ConflictError, match=rf"one \({F1.name[:7]}\) is in use: stage develop"):
        await remove(line, F1.name)
    await line.carry(DEV, F2)
    await remove(line, F1.name)
    kept = (await line.promotion(name)).status.freight
    assert kept
    assert kept.images == F1.images


async def test_what_a_promotion_carries_stays(line: Crew) -> None:
    """Until the Promotion has ended, however it ends."""
    await line.mint(F1, F2)
    waiting, running = await line.promote(DEV, F1), await line.promote("development", F2)
    for alias, name in (("one", waiting), ("two", running)):
        with pytest.raises(ConflictError, match=f"promotion {name} carries it to stage {DEV}"):
            await remove(line, alias)
    await line.say(waiting, "abort")
    assert (await line.admit(waiting)).state == "ended"
    await remove(line, "one")


async def test_what_a_stage_keeps_beside_another_stays(crew: Crew) -> None:
    """Of several origins, the next Promotion carries over what the last one had (Kargo §14.20)."""
    base = freight(7, origin="base", alias="base")
    both = stage(DEV, origins=("app", "base"))
    await crew.declare(project(), config(), warehouse(), warehouse("base"), both)
    await crew.mint(F1, F2, base)
    await crew.carry(DEV, base)
    assert await crew.run(await crew.promote(DEV, F1), FAILED) is Phase.FAILED
    with pytest.raises(ConflictError, match="stage development keeps it beside other Freight"):
        await remove(crew, "one")
    await crew.carry(DEV, F2)
    await remove(crew, "one")
    with pytest.raises(ConflictError, match="stage development has it"):
        await remove(crew, "base")


async def test_discovery_does_not_bring_it_back(line: Crew) -> None:
    """It is as if it was not found; other Freight is made, and people may make it again."""
    assert await found(line, F1) == (await line.freight(F1), True)
    await remove(line, F1.name)
    assert await found(line, F1) == (None, False)
    assert (await found(line, F2))[1]
    assert (await line.store.freight.mint(F1, actor=ANN, now=line.later()))[1]
    assert await found(line, F1) == (await line.freight(F1), False)


@pytest.mark.parametrize("kind", ["Warehouse", "Project"])
async def test_a_new_warehouse_begins_anew(line: Crew, kind: str) -> None:
    """What was deleted is forgotten with the Warehouse, or the Project."""
    await line.mint(F1)
    await remove(line, F1.name)
    await line.delete(kind, "app" if kind == "Warehouse" else PROJECT)
    await line.declare(project(), warehouse())
    assert (await found(line, F1))[1]


async def test_it_goes_or_is_promoted(line: Crew, second: Store) -> None:
    """Whoever comes first wins: no Promotion is left with Freight that is gone."""
    others = Crew(second)
    for number in range(10, 16):
        shipment = freight(number, alias=f"f{number}")
        await line.mint(shipment)
        ended = await asyncio.gather(
            line.promote(DEV, shipment), remove(others, shipment.name), return_exceptions=True
        )
        promoted, removed = ended
        assert isinstance(promoted, FerrymanError) != isinstance(removed, FerrymanError), ended
