"""Costs: how many SQL statements each operation takes, so that nobody makes it more unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from ferryman.domain.promotion import Unmet
from ferryman.storage.store import Store
from tests.crew import ANN, DONE, Crew
from tests.pipelines import PROJECT, freight, pipeline, stage

F1, F2 = freight(1), freight(2)
DEV = "development"
COSTS = {
    "decide, nothing to do": 8,
    "mint, new": 8,
    "mint, known": 3,
    "decide, promote": 12,
    "promote by hand": 14,
    "admit, goes in": 13,
    "admit, waits for the turn": 11,
    "admit, runs already": 5,
    "read": 2,
    "claim": 3,
    "confirm": 1,
    "wait": 8,
    "go on": 4,
    "end": 2,
    "settle": 15,
    "settle again": 3,
    "decide, give the turn": 9,
    "say": 8,
    "apply, unchanged": 2,
    "apply, changed": 4,
}
_WHOLE = re.compile(r"^SCAN|^SEARCH (?!resource).*\(project=\?\)$")
_NOT_COUNTED = ("BEGIN", "PRAGMA")


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            sent.append((statement, parameters))

    engine = store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def busy(crew: Crew) -> Crew:
    """A pipeline that has been used: every row that is made only once is there."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1, *[freight(n, origin="other") for n in range(5)])
    await crew.decide(DEV)
    (first,) = await crew.store.promotions.waiting(PROJECT)
    await crew.run(first)
    await crew.decide(DEV)
    return crew


async def test_what_a_promotion_costs(busy: Crew) -> None:
    """From Freight to the Stage that has it, whatever else the Project holds."""
    counted: dict[str, int] = {}

    async def count(name: str, work: Any) -> Any:
        with statements(busy.store) as sent:
            result = await work
        counted[name] = len(sent)
        return result

    await count("decide, nothing to do", busy.decide(DEV))
    await count("mint, new", busy.mint(F2))
    await count("mint, known", busy.mint(F2))
    (name,) = (await count("decide, promote", busy.decide(DEV))).promotions
    later = await count("promote by hand", busy.promote(DEV, F2))
    await count("admit, goes in", busy.admit(name))
    await count("admit, waits for the turn", busy.admit(later))
    await count("admit, runs already", busy.admit(name))
    await count("read", busy.promotion(name))
    await count("claim", busy.claim(name))
    await count("confirm", busy.store.steps.confirm(busy.key(name)))
    unmet = Unmet(reason="WaitingForCredentials", message="apply a Secret", step="1")
    waits = busy.store.gates.wait(await busy.promotion(name), unmet, actor=ANN, now=busy.now)
    await count("wait", waits)
    await count("go on", busy.store.gates.go_on(await busy.promotion(name), "1"))
    await count("end", busy.store.steps.end(busy.key(name), DONE, now=busy.now))
    for number in (2, 3):
        await busy.step(name, number=number)
    await count("settle", busy.settle(name))
    await count("settle again", busy.settle(name))
    await count("decide, give the turn", busy.decide(DEV))
    await count("say", busy.say(later, "abort"))
    await count("apply, unchanged", busy.declare(stage(DEV)))
    await count("apply, changed", busy.declare(stage(DEV, steps=["git-clear"])))
    assert counted == COSTS


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_nothing_reads_a_whole_project(busy: Crew) -> None:
    """SQLite, which keeps no statistics, finds every row by an index that says enough."""
    await busy.mint(F2)
    with statements(busy.store) as sent:
        (name,) = (await busy.decide(DEV)).promotions
        await busy.run(name)
        await busy.decide(DEV)
        await busy.decide("staging")
        await busy.promote("staging", F2)
        await busy.say(name)
        await busy.store.freight.called(PROJECT, [F1.name, F2.name])
    reads = {s: p for s, p in sent if s.startswith("SELECT")}
    plans: list[str] = []
    async with busy.store.database.read() as connection:
        for statement, parameters in reads.items():
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in plan)
    assert plans
    assert [plan for plan in plans if _WHOLE.search(plan)] == []


async def test_a_list_costs_the_same_however_long(busy: Crew) -> None:
    """No list asks once for each thing on it."""
    lists = [
        busy.store.promotions.list(PROJECT),
        busy.store.freight.list(PROJECT),
        busy.store.events.list(PROJECT),
    ]
    with statements(busy.store) as sent:
        for listed in lists:
            await listed
    assert len(sent) == 2 + 2 + 1
