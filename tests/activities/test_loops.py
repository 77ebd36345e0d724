"""Loops, groups and tasks: what their steps see, and in which order trees are built."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update as sql_update

from ferryman.domain.resource import Metadata
from ferryman.domain.secret import Secret
from ferryman.domain.task import PromotionTask
from ferryman.storage import tables
from tests.activities.conftest import PUSH, Dock, clone, commit
from tests.pipelines import PROJECT
from tests.servers.git import Repository


def compose(alias: str = "", **config: Any) -> dict[str, Any]:
    """The step whose output is its config."""
    return {"uses": "compose-output", "as": alias, "config": config}


def task(*steps: dict[str, Any], name: str = "deploy", **variables: str) -> PromotionTask:
    """A task of this Project."""
    wanted = [{"name": n, "value": v} for n, v in variables.items()]
    metadata = Metadata(name=name, namespace=PROJECT)
    return PromotionTask(metadata=metadata, spec={"vars": wanted, "steps": steps})


def write(tag: str, **more: Any) -> dict[str, Any]:
    """The step that sets the image's tag."""
    config = {"path": "./src/values.yaml", "updates": [{"key": "image.tag", "value": tag}]}
    return {"uses": "yaml-update", "config": config, **more}


REGIONS = [{"name": "eu", "replicas": 2}, "us"]


async def test_what_a_loop_sees(dock: Dock) -> None:
    """Each item's steps see item, key and index, and their siblings by short alias."""
    first = compose("first", item="${{ item }}", key="${{ key }}", index="${{ index }}")
    second = compose("second", was="${{ outputs.first.key }}", top="${{ outputs.top.a }}")
    after = compose(
        "after",
        short="${{ outputs.regions.eu.second.was }}",
        full='${{ outputs["regions[us]::first"].index }}',
        status="${{ status('regions') }}",
    )
    loop = {"as": "regions", "forEach": REGIONS, "steps": [first, second]}
    await dock.begin(compose("top", a="x"), loop, after)
    await dock.run(1)
    began = await dock.run(2)
    assert (began.status, began.keys) == ("Succeeded", ("eu", "us"))
    for path in ("regions[eu]::1", "regions[eu]::2", "regions[us]::1", "regions[us]::2"):
        assert (await dock.run(path)).status == "Succeeded"
    await dock.run(3)
    assert (await dock.record("regions[eu]::1")).output == {
        "item": REGIONS[0],
        "key": "eu",
        "index": 0,
    }
    assert (await dock.record("regions[us]::2")).output == {"was": "us", "top": "x"}
    assert (await dock.record(3)).output == {"short": "eu", "full": 1, "status": "Succeeded"}
    shown = (await dock.crew.promotion(dock.promotion)).status.step_execution_metadata
    assert [s.alias for s in shown] == [
        "top",
        "regions",
        "regions[eu]::first",
        "regions[eu]::second",
        "regions[us]::first",
        "regions[us]::second",
        "after",
    ]


async def test_the_status_of_a_loop_is_the_worst_in_it(dock: Dock) -> None:
    """A loop whose step failed has failed, though its items were found."""
    loop = {"as": "r", "forEach": ["a", "b"], "steps": [{"uses": "fail"}]}
    asked = compose("c", loop="${{ status('r') }}", failed="${{ failure() }}")
    await dock.begin(loop, {**asked, "if": "${{ always() }}"})
    for path in (1, "r[a]::1", 2):
        await dock.run(path)
    assert (await dock.record(2)).output == {"loop": "Failed", "failed": True}


async def test_an_expression_gives_the_items(dock: Dock) -> None:
    """A var that holds JSON is a list; what is none is an error that says so."""
    loop = {"as": "r", "forEach": "${{ vars.all }}", "steps": [compose("a", k="${{ item }}")]}
    variables = [{"name": "all", "value": '["a/b", "c"]'}]
    bad = [{"name": "all", "value": "a,b"}]
    await dock.begin({**loop, "vars": variables}, {**loop, "as": "bad", "vars": bad})
    assert (await dock.run(1)).keys == ("1", "c")
    failed = await dock.run(2)
    assert failed.status == "Errored"
    assert failed.message == "forEach: is a str; write a list, or an expression that gives one"


async def test_keys_carry_no_secrets(dock: Dock) -> None:
    """Items into which a secret flowed are called by their number, and are shown to nobody."""
    items = ["${{ secret('token').value }}", "plain"]
    await dock.begin({"as": "r", "forEach": items, "steps": [compose("a", k="${{ item }}")]})
    token = Secret(metadata=Metadata(name="token", namespace=PROJECT), data={"value": "hunter2"})
    await dock.crew.declare(token)
    assert (await dock.run(1)).keys == ("1", "plain")
    await dock.run("r[1]::1")
    assert (await dock.record("r[1]::1")).sensitive
    assert await dock.in_the_clear("hunter2") == []


async def test_vars_of_a_loop_are_those_of_its_steps(dock: Dock) -> None:
    """They stand outside of the loop: in an inner one they can hand on the outer item."""
    step = compose("a", who="${{ vars.region }}/${{ item }}")
    inner = {
        "as": "zones",
        "forEach": ["a"],
        "vars": [{"name": "region", "value": "${{ item }}"}],
        "steps": [step],
    }
    await dock.begin({"as": "regions", "forEach": ["eu"], "steps": [inner]})
    await dock.run(1)
    await dock.run("regions[eu]::1")
    await dock.run("regions[eu]::zones[a]::1")
    assert (await dock.record("regions[eu]::zones[a]::1")).output == {"who": "eu/a"}


async def test_what_a_task_sees_and_shows(dock: Dock) -> None:
    """Siblings by `task.outputs`, the outside by full aliases, and what is composed by its own."""
    inside = (
        compose("first", a="${{ vars.greeting }}"),
        compose("second", b="${{ task.outputs.first.a }}", s="${{ status('first') }}"),
    )
    after = compose(
        "after",
        full='${{ outputs["t::first"].a }}',
        of_task="${{ outputs.t.b }}",
        unseen="${{ status('first') }}",
        meta="${{ stepMetas['t::first'].status }}",
    )
    use = {"task": {"name": "deploy"}, "as": "t"}
    await dock.begin(use, after, tasks=[task(*inside, greeting="hello")])
    for path in ("t::1", "t::2", 3):
        assert (await dock.run(path)).status == "Succeeded"
    assert (await dock.record("t::2")).output == {"b": "hello", "s": "Succeeded"}
    assert (await dock.record(3)).output == {
        "full": "hello",
        "of_task": "hello",
        "unseen": "",
        "meta": "Succeeded",
    }


async def test_a_sibling_beside_is_not_seen(dock: Dock) -> None:
    """A branch knows nothing of the other; what comes after the group knows both."""
    ask = compose("b", seen="${{ outputs.a?.x ?? 'nothing' }}")
    after = compose("c", seen="${{ outputs.a.x }}")
    await dock.begin({"as": "g", "parallel": [compose("a", x="1"), ask]}, after)
    for path in ("g::1", "g::2", 2):
        await dock.run(path)
    assert (await dock.record("g::2")).output == {"seen": "nothing"}
    assert (await dock.record(2)).output == {"seen": 1}


async def test_an_if_is_asked_once(dock: Dock) -> None:
    """What held before the first attempt is not asked again on a retry."""
    condition = "${{ ctx.targetFreight.alias != 'later' }}"
    unready = {"uses": "git-push", "config": {"path": "./src"}, "retry": {"errorThreshold": 2}}
    await dock.begin({**unready, "if": condition})
    assert (await dock.run(1)).status == "Errored"
    async with dock.crew.store.database.write() as connection:
        await connection.execute(sql_update(tables.freight).values(alias="later"))
    assert (await dock.run(1, attempt=2)).status == "Errored"


@pytest.mark.parametrize("order", [("us", "eu"), ("eu", "us")])
async def test_trees_are_built_in_the_order_in_which_steps_ended(
    dock: Dock, repository: Repository, order: tuple[str, str]
) -> None:
    """Steps beside one another change one tree in turn; a rebuilt one comes out the same."""
    loop = {
        "as": "r",
        "forEach": ["eu", "us"],
        "concurrency": 2,
        "steps": [write("${{ quote(item) }}", **{"as": "update"})],
    }
    await dock.begin(clone(repository.file_remote().url), loop, commit("Done"), PUSH)
    await dock.run(1)
    await dock.run(2)
    for key in order:
        assert (await dock.run(f"r[{key}]::1")).status == "Succeeded"
    assert (await dock.run(3, worker="w2")).status == "Succeeded"
    assert (await dock.run(4, worker="w3")).status == "Succeeded"
    assert f"tag: {order[-1]}" in repository.show("values.yaml").replace('"', "")
