"""Events: who did what, why and when; written with what they tell."""

from __future__ import annotations

import pytest

from ferryman.storage import events
from ferryman.storage.events import About
from tests.crew import ANN, Crew
from tests.pipelines import PROJECT, freight, pipeline

GIT = About("Stage", PROJECT, "development")


async def test_who_what_when(crew: Crew) -> None:
    """Each names its actor, its object and its time, in order."""
    await crew.declare(*pipeline())
    told = await crew.store.events.list(PROJECT)
    assert [(e.kind, e.name) for e in told] == [
        ("Project", "shop"),
        ("ProjectConfig", "shop"),
        ("Stage", "development"),
        ("Stage", "production"),
        ("Stage", "staging"),
        ("Warehouse", "app"),
    ]
    assert {(e.actor, e.at, e.type, e.reason) for e in told} == {
        ("ann", crew.now, "Normal", "Created")
    }


async def test_what_was_rolled_back_was_not_told(crew: Crew) -> None:
    """An event is part of the transaction of what it tells."""

    async def tell_and_fail() -> None:
        async with crew.store.database.write() as connection:
            await events.tell(connection, GIT, "Created", "not really", actor=ANN, now=crew.now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await tell_and_fail()
    assert await crew.events() == []


async def test_finding(line: Crew) -> None:
    """By kind and name, the newest of many, oldest first."""
    await line.mint(*[freight(number) for number in range(5)])
    assert len(await line.events()) == 6 + 5
    assert len(await line.events(limit=3)) == 3
    newest = await line.store.events.list(PROJECT, limit=3)
    assert [e.name for e in newest] == [freight(n).name for n in (2, 3, 4)]
    assert len(await line.events(kind="Stage")) == 3
    assert len(await line.events(kind="Stage", name="staging")) == 1
    assert await line.store.events.list("elsewhere") == []


async def test_the_newest_moves(line: Crew) -> None:
    """Whoever watches sees that something happened, in this Project only."""
    before = await line.store.events.newest(PROJECT)
    assert await line.store.events.newest("elsewhere") == 0
    await line.mint(freight(1))
    assert await line.store.events.newest(PROJECT) > before


async def test_a_warning_is_not_repeated(crew: Crew) -> None:
    """Unless it changed, something else was told in between, or it is long ago."""
    async with crew.store.database.write() as connection:

        async def warn(message: str) -> None:
            await events.warn(connection, GIT, "Trouble", message, actor=ANN, now=crew.later())

        await warn("no credential")
        await warn("no credential")
        await warn("refused")
        await warn("no credential")
        crew.later(minutes=11)
        await warn("no credential")
    told = await crew.store.events.list(PROJECT)
    assert [e.message for e in told] == [
        "no credential",
        "refused",
        "no credential",
        "no credential",
    ]
    assert {e.type for e in told} == {"Warning"}
