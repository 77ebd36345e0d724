"""Freight that expressions ask for by name: found whoever names it, at the same cost always."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.freight import Freight
from ferryman.domain.status_change import MetadataUpdate
from ferryman.storage import status_changes
from tests.activities.conftest import Dock
from tests.activities.test_evaluation import ECHO, evaluated
from tests.pipelines import PROJECT, freight, project, warehouse
from tests.storage.test_costs import statements

NOTED = freight(2, alias="noted")
MOST_STATEMENTS = 30


def fed(value: Any, **more: Any) -> dict[str, Any]:
    """The step that has this value evaluated."""
    return {"uses": "echo", "config": {"value": value}, **more}


async def note(dock: Dock, shipment: Freight, **values: Any) -> None:
    """Keep this of Freight that no Promotion carries."""
    await dock.crew.mint(shipment)
    change = MetadataUpdate("Freight", shipment.name, values)
    async with dock.crew.store.database.write() as connection:
        await status_changes.make(connection, PROJECT, [change])


@pytest.fixture
async def noted(dock: Dock) -> Dock:
    """A Project with Freight that has metadata, the name of other Freight among them."""
    await dock.crew.declare(project(), warehouse())
    await note(dock, freight(3, alias="next"), colour="blue")
    await note(dock, NOTED, ticket="A-1", next="next")
    return dock


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("freightMetadata('noted').ticket", "A-1"),
        (f"freightMetadata('{NOTED.name}').ticket", "A-1"),
        ("freightMetadata('no' + 'ted', 'ticket')", "A-1"),
        ("freightMetadata(freightMetadata('noted').next).colour", "blue"),
        ("map(['noted', 'next', 'none'], freightMetadata(#)?.colour)", [None, "blue", None]),
        ("freightMetadata('none') == nil", True),
        ("freightStatus('noted').metadata.ticket", "A-1"),
    ],
)
async def test_by_name(noted: Dock, expression: str, value: Any) -> None:
    """By name or alias, however it is put together; what is not there is nil."""
    assert await evaluated(noted, f"${{{{ {expression} }}}}") == value


async def test_everywhere(noted: Dock) -> None:
    """Conditions and loops find it, too, and vars by what earlier steps put out."""
    noted.kinds["echo"] = ECHO
    own = [{"name": "next", "value": "${{ freightMetadata(outputs['step-1'].value).next }}"}]
    colour = "${{ freightMetadata(vars.next).colour }}"
    holds = "${{ freightMetadata('noted').ticket == 'A-1' }}"
    loop = {"forEach": "${{ [freightMetadata('noted').ticket] }}", "steps": [fed("${{ item }}")]}
    await noted.begin(fed("noted"), fed(colour, vars=own) | {"if": holds}, loop)
    for path in ("1", "2", "3"):
        assert (await noted.run(path)).status == "Succeeded"
    assert (await noted.record(2)).output == {"value": "blue"}
    assert (await noted.record(3)).output == {"items": ["A-1"]}


async def test_too_much(noted: Dock) -> None:
    """Who asks for a thousand gets an error that names the limit, after one query."""
    noted.kinds["echo"] = ECHO
    await noted.begin(fed("${{ map(1..1000, freightMetadata(string(#))) }}"))
    with statements(noted.crew.store) as sent:
        message = (await noted.run()).message
    assert "asks for more than 500 Freight by name; ask for fewer" in message
    assert len(sent) < MOST_STATEMENTS


async def test_what_it_costs(noted: Dock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With dozens of Freight, as many statements and rows as with three."""
    read: list[object] = []
    load = Freight.load

    def counting(data: object) -> Freight:
        read.append(data)
        return load(data)

    monkeypatch.setattr(Freight, "load", counting)
    noted.kinds["echo"] = ECHO
    await noted.begin(*[fed("${{ freightMetadata('noted').ticket }}")] * 2)

    async def cost(step: int) -> tuple[int, int]:
        read.clear()
        with statements(noted.crew.store) as sent:
            assert (await noted.run(step)).message == ""
        return len(sent), len(read)

    few = await cost(1)
    await noted.crew.mint(*[freight(number) for number in range(4, 64)])
    assert await cost(2) == few
    assert few[1] == len(["target", "noted"])
