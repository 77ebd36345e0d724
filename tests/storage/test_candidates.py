"""Candidates: SQL leaves out only what the rule would refuse anyway."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.lane import StageView, candidate, decide
from ferryman.storage import freight_rows, standings, tables
from ferryman.storage.candidates import candidates
from tests.crew import Crew
from tests.pipelines import APP, HOUR, NOW, PROJECT, freight, pipeline, stage

UPSTREAM = ("development", "staging")
TARGETS = [
    stage("production"),
    stage("production", *UPSTREAM),
    stage("production", *UPSTREAM, every=True),
    stage("production", *UPSTREAM, soak="3h"),
    stage("production", *UPSTREAM, soak="3h", every=True),
    stage("production", "staging", match_upstream=True),
    stage("production", *UPSTREAM, soak="3h", steps=()),
    stage("production", *UPSTREAM, every=True, steps=()),
]


@pytest.fixture
async def busy(crew: Crew) -> Crew:
    """A Project with much Freight, standing about in all sorts of ways."""
    chance = random.Random(7)  # noqa: S311 - the same Freight each time
    shipments = [freight(number) for number in range(60)]
    await crew.declare(*pipeline())
    async with crew.store.database.write() as connection:
        for shipment in (*shipments, freight(99, origin="base")):
            values = freight_rows.values(shipment, shipment.name, NOW)
            key = {"project": PROJECT, "name": shipment.name}
            await connection.execute(insert(tables.freight).values(**key, **values))
        for shipment in shipments:
            for name in (*UPSTREAM, "production"):
                if chance.random() < 0.5:
                    await _stand(connection, name, shipment.name, chance)
        for name in UPSTREAM:  # as it is kept: a Stage has one Freight of an origin
            present = chance.choice(shipments)
            since = NOW - chance.choice([1, 2, 4]) * HOUR
            await standings.moved_in(connection, PROJECT, name, [present.name], since)
    return crew


async def _stand(
    connection: AsyncConnection, name: str, shipment: str, chance: random.Random
) -> None:
    values = {
        "verified_at": chance.choice([None, NOW]),
        "longest_soak_seconds": chance.choice([0.0, 3600.0, 10800.0]),
        "approved_at": chance.choice([None, None, None, NOW]) if name == "production" else None,
    }
    await standings.mark(connection, PROJECT, name, shipment, **values)


async def test_the_few_decide_as_all_would(busy: Crew) -> None:
    """Whatever stands where, now or later: the decision is that over everything there is."""
    everything = await busy.store.freight.list(PROJECT)
    for target in TARGETS:
        async with busy.store.database.read() as connection:
            few = await candidates(connection, target)
        over_few = StageView(stage=target, freight=few, auto_promotion=True)
        over_all = replace(over_few, freight=everything)
        for hours in (0, 1, 2, 5):
            now = NOW + hours * HOUR
            decided, wanted = decide(over_few, now), decide(over_all, now)
            assert (decided.promote, decided.wake_at) == (wanted.promote, wanted.wake_at)
            assert set(decided.verified) == set(wanted.verified)
            if not target.spec.control_flow:
                assert candidate(over_few, APP, now) == candidate(over_all, APP, now)
                assert len(few) <= 1 + len(target.spec.requested_freight[0].sources.stages)


async def test_what_a_control_flow_stage_has_passed_on_is_left_out(busy: Crew) -> None:
    """It looks at what is new only, however much has gone through."""
    joint = stage("production", *UPSTREAM, steps=())
    await busy.declare(joint)
    await busy.decide("production")
    async with busy.store.database.read() as connection:
        assert await candidates(connection, joint) == []
