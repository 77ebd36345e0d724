"""Removing: what goes with a resource, and what stays."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ferryman.domain.errors import FencedError, NotFoundError
from ferryman.domain.promotion import Phase
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.tables import metadata
from tests.crew import Crew
from tests.pipelines import PROJECT, freight, project, stage

F1, F2 = freight(1), freight(2)
DEV, STAGING = "development", "staging"


async def test_a_warehouse_goes_alone(line: Crew) -> None:
    """Its Freight stays, since Stages have it."""
    await line.mint(F1)
    await line.delete("Warehouse", "app")
    with pytest.raises(NotFoundError):
        await line.store.resources.get(Warehouse, PROJECT, "app")
    assert (await line.freight(F1)).name == F1.name
    assert (await line.events())[-1] == "Deleted: Warehouse app was deleted"


async def test_what_does_not_exist(line: Crew) -> None:
    """There is nothing to remove, and nothing is told."""
    before = await line.events()
    with pytest.raises(NotFoundError, match="stage nothing does not exist in project shop"):
        await line.delete("Stage", "nothing")
    assert await line.events() == before


async def test_a_stage_takes_its_standings_along(line: Crew) -> None:
    """Freight is neither there nor verified nor approved there any more (Kargo §14.21)."""
    await line.mint(F1)
    await line.approve(F1, DEV)
    await line.carry(DEV, F1)
    await line.approve(F1, STAGING)
    await line.delete("Stage", DEV)
    status = (await line.freight(F1)).status
    assert (status.currently_in, status.verified_in) == ({}, {})
    assert set(status.approved_for) == {STAGING}


async def test_a_stage_asks_its_promotions_to_end(line: Crew) -> None:
    """Aborted, before anything goes into a Stage of that name that is declared at once."""
    await line.mint(F1, F2)
    done = await line.carry(DEV, F1)
    running, waiting = await line.promote(DEV, F1), await line.promote(DEV, F2)
    await line.admit(running)
    await line.claim(running)
    await line.delete("Stage", DEV)
    await line.declare(stage(DEV))
    fresh = await line.promote(DEV, F2)
    assert [u.message for u in (await line.admit(fresh)).unmet] == [f"the turn is {running}'s"]
    with pytest.raises(FencedError):
        await line.store.steps.confirm(line.key(running))
    for name in (running, waiting):
        await line.admit(name)
        status = (await line.promotion(name)).status
        assert (status.phase, status.message) == (Phase.ABORTED, "stage development was deleted")
    assert (await line.promotion(done)).status.phase is Phase.SUCCEEDED
    assert (await line.stage(DEV)).status.last_promotion is None
    assert (await line.admit(fresh)).state == "admitted"


async def test_a_project_goes_with_all_it_contains(line: Crew) -> None:
    """Nothing of it is left but its events; its neighbour keeps everything."""
    await line.declare(project("other"), stage(DEV, project="other"))
    await line.mint(F1, freight(1, project="other"))
    name = await line.promote(DEV, F1)
    await line.say(name)
    await line.run(name)
    await line.delete("Project", PROJECT)
    counts = {}
    async with line.store.database.read() as connection:
        for table in (t for t in metadata.sorted_tables if "project" in t.c):
            query = select(table.c.project, func.count()).group_by(table.c.project)
            counts[table.name] = {row[0]: row[1] for row in await connection.execute(query)}
    gone = [table for table, found in counts.items() if PROJECT in found]
    assert gone == ["event"]
    assert (counts["resource"], counts["freight"]) == ({"": 1, "other": 1}, {"other": 1})
