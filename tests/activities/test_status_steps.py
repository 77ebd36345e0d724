"""compose-output, fail, set-metadata and set-freight-alias, from claim to record."""

from __future__ import annotations

from typing import Any

from ferryman.domain.resource import Metadata
from ferryman.domain.secret import Secret
from tests.activities.conftest import Dock
from tests.pipelines import PROJECT, freight


def metadata(kind: str, name: str, **values: Any) -> dict[str, Any]:
    """The step that notes something."""
    updates = [{"kind": kind, "name": name, "values": values}]
    return {"uses": "set-metadata", "config": {"updates": updates}}


def alias(name: str) -> dict[str, Any]:
    """The step that calls the Promotion's Freight so."""
    config = {"name": "${{ ctx.targetFreight.name }}", "alias": name}
    return {"uses": "set-freight-alias", "config": config}


async def test_any_map_is_an_output(dock: Dock) -> None:
    """Values keep their types, and what is nested stays so."""
    config = {"a": "${{ 1 + 1 }}", "b": [{"c": None}], "pageURL": "x"}
    await dock.begin({"uses": "compose-output", "config": config})
    await dock.run()
    assert (await dock.record()).output == {"a": 2, "b": [{"c": None}], "pageURL": "x"}


async def test_failing_on_purpose_is_never_tried_again(dock: Dock) -> None:
    """It is Failed with its message at once, whatever the error threshold."""
    step = {"uses": "fail", "config": {"message": "not on a Friday"}}
    await dock.begin({**step, "retry": {"errorThreshold": 5}})
    result = await dock.run()
    assert (result.status, result.message, result.error) == ("Failed", "not on a Friday", False)


async def test_what_was_noted_is_read_by_later_steps(dock: Dock) -> None:
    """Of Freight and of Stages, by name; what is not there is an empty map."""
    read = {
        "ticket": "${{ freightMetadata(ctx.targetFreight.name).ticket }}",
        "colour": "${{ stageMetadata('dev').colour }}",
    }
    await dock.begin(
        metadata("Freight", "${{ ctx.targetFreight.name }}", ticket="A-1"),
        metadata("Stage", "dev", colour="blue"),
        {"uses": "compose-output", "config": read},
    )
    assert await dock.run_all() == ["Succeeded"] * 3
    assert (await dock.record(3)).output == {"ticket": "A-1", "colour": "blue"}


async def test_a_new_alias(dock: Dock) -> None:
    """It is the Freight's as soon as the step has ended; a taken one is an error."""
    read = {"alias": "${{ ctx.targetFreight.alias }}"}
    show = {"uses": "compose-output", "config": read}
    await dock.begin(alias("release-1"), show, alias("two"))
    await dock.crew.mint(freight(2, alias="two"))
    assert [(await dock.run(number)).status for number in (1, 2)] == ["Succeeded"] * 2
    assert (await dock.record(2)).output == {"alias": "release-1"}
    refused = await dock.run(3)
    assert refused.status == "Errored"
    assert refused.message.startswith("alias: two is taken by another Freight")


async def test_an_alias_that_is_none(dock: Dock) -> None:
    """It must be fit for a label."""
    await dock.begin(alias("no good"))
    result = await dock.run()
    assert result.status == "Failed"
    assert "config.alias" in result.message


async def test_secrets_do_not_become_metadata(dock: Dock) -> None:
    """Everybody reads it, so that a secret in it is an error, and nothing is written."""
    await dock.begin(metadata("Stage", "dev", token="x ${{ secret('token').value }}"))
    data = {"value": "hunter2"}
    await dock.crew.declare(Secret(metadata=Metadata(name="token", namespace=PROJECT), data=data))
    result = await dock.run()
    assert result.status == "Errored"
    assert "a secret flowed into metadata" in result.message
    assert (await dock.crew.stage("dev")).status.metadata == {}
    assert await dock.in_the_clear("hunter2") == []
