"""Freight pages: the newest first, and on into the past without a gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert

from ferryman.domain.eligibility import availability
from ferryman.domain.freight import Freight
from ferryman.domain.stage import Stage
from ferryman.storage import freight_rows, tables
from ferryman.storage.freight_pages import Position, Wanted
from tests.crew import Crew
from tests.pipelines import HOUR, NOW, PROJECT, freight, pipeline, stage
from tests.storage.test_costs import _WHOLE, statements

ALL = Wanted(PROJECT)
STAGES = [
    stage("production"),
    stage("production", "development", "staging", soak="2h"),
    stage("production", "development", "staging", soak="2h", every=True),
    stage("production", "staging", origins=("app", "base")),
    stage("production", origins=("elsewhere",)),
]


@pytest.fixture
async def yard(crew: Crew) -> Crew:
    """A Project with Freight of two origins, some of it at the same moment, some verified."""
    await crew.declare(*pipeline())
    shipments = [
        freight(n, origin=("app", "base")[n % 2], at=NOW + timedelta(minutes=n // 3))
        for n in range(30)
    ]
    rows = [
        {"project": PROJECT, "name": f.name} | freight_rows.values(f, f.name, NOW)
        for f in shipments
    ]
    standings = [
        {
            "project": PROJECT,
            "stage": name,
            "freight": f.name,
            "verified_at": NOW if n % 4 else None,
            "since": NOW if n == 28 else None,
            "longest_soak_seconds": 3600.0 * (n % 5),
        }
        for n, f in enumerate(shipments)
        for name in ("development", "staging")
        if n % 3
    ]
    async with crew.store.database.write() as connection:
        await connection.execute(insert(tables.freight), rows)
        await connection.execute(insert(tables.freight_stage), standings)
    return crew


async def names(crew: Crew, wanted: Wanted) -> list[str]:
    """The names on a page."""
    page = await crew.store.freight.page(wanted, now=NOW)
    return [f.name for f in page.items]


async def test_pages_put_together_are_everything(yard: Crew) -> None:
    """Each begins where the last one ended, also between Freight of the same moment."""
    everything = await yard.store.freight.list(PROJECT)
    for limit in (1, 4, 29, 30, 31):
        seen: list[Freight] = []
        wanted = replace(ALL, limit=limit)
        while True:
            page = await yard.store.freight.page(wanted, now=NOW)
            seen.extend(page.items)
            if not page.has_more:
                break
            assert len(page.items) == limit
            wanted = replace(wanted, before=Position.of(page.items[-1]))
        assert seen == list(everything)
    assert all(Position.of(a) > Position.of(b) for a, b in pairwise(everything))


@pytest.mark.parametrize("target", STAGES)
async def test_what_may_enter_a_stage(yard: Crew, target: Stage) -> None:
    """The rule decides, page by page; SQL only leaves out what it would refuse."""
    everything = await yard.store.freight.list(PROJECT)
    for now in (NOW, NOW + 3 * HOUR):
        expected = [f.name for f in everything if not availability(f, target, now)]
        for limit in (None, 3):
            wanted = Wanted(PROJECT, stage=target, limit=limit)
            page = await yard.store.freight.page(wanted, now=now)
            assert [f.name for f in page.items] == expected[:limit]
            assert page.has_more == (limit is not None and len(expected) > limit)


async def test_narrowed(yard: Crew) -> None:
    """By origin, and to what is not older than something."""
    everything = await yard.store.freight.list(PROJECT)
    base = await names(yard, Wanted(PROJECT, origins=["Warehouse/base"], limit=3))
    assert base == [f.name for f in everything if f.origin.name == "base"][:3]
    since = replace(ALL, since=Position.of(everything[7]))
    assert await names(yard, since) == [f.name for f in everything[:8]]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_page_reads_no_more_than_itself(yard: Crew) -> None:
    """Two statements, each by an index that has the order."""
    for wanted in (ALL, Wanted(PROJECT, origins=["Warehouse/app"])):
        with statements(yard.store) as sent:
            await names(yard, replace(wanted, limit=5))
        assert len(sent) == 2
        async with yard.store.database.read() as connection:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0][0]}", sent[0][1])
            details = [row.detail for row in plan]
        assert not [d for d in details if _WHOLE.search(d) and "discovered_at" not in d], details
        assert not [d for d in details if "TEMP B-TREE" in d], details
