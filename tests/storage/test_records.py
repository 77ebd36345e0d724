"""The smaller records: discoveries, tokens, workers, and what is left unfinished."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ferryman.domain.errors import DeniedError
from ferryman.domain.promotion import Phase
from ferryman.domain.resource import Condition
from ferryman.domain.warehouse import DiscoveredArtifacts, Warehouse
from ferryman.storage import tables
from ferryman.storage.store import Store
from tests.crew import Crew
from tests.pipelines import NOW, PROJECT, freight, stage

F1 = freight(1)
DEV = "development"
WELL = Condition(type="Healthy", status="True", reason="ReconciliationSucceeded")
ILL = Condition(type="Healthy", status="False", reason="DiscoveryFailed", message="no such host")


async def record(crew: Crew, condition: Condition, **more: object) -> Warehouse:
    """What a discovery writes down; gives the Warehouse afterwards."""
    fields = {"found": None, "freight": "", "now": crew.later()} | more
    await crew.store.discoveries.record(PROJECT, "app", conditions=[condition], **fields)  # type: ignore[arg-type]  # a shorthand
    return await crew.store.resources.get(Warehouse, PROJECT, "app")


async def test_a_discovery(line: Crew) -> None:
    """What was found stays on the Warehouse until something else is found."""
    found = DiscoveredArtifacts(discovered_at=NOW)
    status = (await record(line, WELL, found=found, freight=F1.name)).status
    assert (status.discovered_artifacts, status.last_freight_id) == (found, F1.name)
    assert status.observed_generation == 1
    after = (await record(line, ILL)).status
    assert (after.discovered_artifacts, after.last_freight_id) == (found, F1.name)


async def test_bad_news_are_told_once(line: Crew) -> None:
    """A warning, not again at every interval; the time of the change is kept."""
    first = (await record(line, ILL)).status.conditions
    assert (await record(line, ILL)).status.conditions == first
    told = await line.events(kind="Warehouse")
    assert told[1:] == ["DiscoveryFailed: no such host"]


async def test_a_warehouse_that_is_gone(line: Crew) -> None:
    """A discovery that ends after its Warehouse was deleted is let be."""
    await line.delete("Warehouse", "app")
    await line.store.discoveries.record(
        PROJECT, "app", found=None, freight="", conditions=[ILL], now=line.later()
    )
    assert await line.events(name="app", kind="Warehouse") == [
        "Created: Warehouse app was created",
        "Deleted: Warehouse app was deleted",
    ]


async def test_the_stages_of_a_warehouse(line: Crew) -> None:
    """Those that take its Freight straight."""
    await line.declare(stage("tools", origins=("base",)))
    assert await line.store.discoveries.stages_of(PROJECT, "app") == [DEV]
    assert await line.store.discoveries.stages_of(PROJECT, "base") == ["tools"]


async def test_tokens(store: Store) -> None:
    """A token is somebody's until they get another; only its digest is kept."""
    first = await store.tokens.issue("admin", now=NOW)
    assert (await store.tokens.actor(first)).admin
    second = await store.tokens.issue("admin", now=NOW)
    with pytest.raises(DeniedError, match="log in again"):
        await store.tokens.actor(first)
    await store.tokens.accept("of-ann", "ann", now=NOW)
    ann = await store.tokens.actor("of-ann")
    assert (ann.name, ann.admin) == ("ann", False)
    async with store.database.read() as connection:
        rows = (await connection.execute(tables.token.select())).all()
    assert not any(token in str(rows) for token in (first, second, "of-ann"))


async def test_the_catalogue_of_steps(store: Store) -> None:
    """Every kind that any worker offers; of two that differ, the newest word counts."""
    old, new = {"kind": "git-push", "v": 1}, {"kind": "git-push", "v": 2}
    await store.workers.publish("w2", "q2", [new], now=NOW)
    await store.workers.publish("w1", "q1", [old, {"kind": "http"}], now=NOW - timedelta(hours=1))
    catalogue = await store.workers.catalogue()
    assert catalogue == {"git-push": new, "http": {"kind": "http"}}
    await store.workers.publish("w2", "q2", [], now=NOW)
    assert (await store.workers.catalogue())["git-push"] == old


async def test_what_is_unfinished(line: Crew) -> None:
    """What has not ended and was not looked at for a while is found, longest first."""
    await line.mint(F1)
    waiting, running, done = [await line.promote(DEV, F1) for _ in range(3)]
    await line.admit(waiting)
    await line.settle(waiting, (Phase.FAILED, "no"))
    await line.admit(running)
    before = line.later()
    assert await line.store.promotions.unfinished(untouched_since=before) == [
        (PROJECT, done),
        (PROJECT, running),
    ]
    line.later()
    await line.admit(running)
    await line.admit(done)
    assert await line.store.promotions.unfinished(untouched_since=before) == []
    assert set(await line.store.promotions.waiting(PROJECT)) == {running, done}


async def test_listing_promotions(line: Crew) -> None:
    """Newest first, of a Project or a Stage, with their steps."""
    await line.mint(F1)
    first = await line.carry(DEV, F1)
    second = await line.promote("staging", F1)
    third = await line.promote(DEV, F1)
    listed = await line.store.promotions.list(PROJECT)
    assert [p.name for p in listed] == [third, second, first]
    assert len(listed[2].status.step_execution_metadata) == 3
    of_stage = await line.store.promotions.list(PROJECT, stage=DEV, limit=1)
    assert [p.name for p in of_stage] == [third]
