"""Work trees that are lost, moved or not to be trusted are built anew."""

from __future__ import annotations

import json
import shutil

import pytest
from sqlalchemy import update as sql_update

from ferryman.storage import tables
from tests.activities.conftest import PUSH, Dock, clone, commit, update, whole
from tests.servers.git import Repository


async def test_another_disk(dock: Dock, repository: Repository) -> None:
    """Each step on another worker: the tree is the same each time, and one commit is pushed."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3, 4):
        assert (await dock.run(number, worker=f"w{number}")).status == "Succeeded"
    committed, pushed = await dock.record(3), await dock.record(4)
    assert committed.output["commit"] == pushed.output["commit"] == repository.head()
    assert len(repository.subjects()) == 2


async def test_a_folder_that_is_gone(dock: Dock, repository: Repository) -> None:
    """The folder may go at any time, and so may the mirrors."""
    await dock.begin(*whole(repository))
    await dock.run(1)
    await dock.run(2)
    shutil.rmtree(dock.work())
    assert (await dock.run(3)).status == "Succeeded"
    for name in ("mirrors", "checkouts", "work"):
        shutil.rmtree(dock.folder / "w1" / name)
    assert (await dock.run(4)).status == "Succeeded"
    assert (await dock.record(3)).output["commit"] == repository.head()


async def test_pins_hold(dock: Dock, repository: Repository) -> None:
    """What was cloned is cloned again, though the branch has moved on."""
    await dock.begin(*whole(repository))
    await dock.run(1)
    repository.commit({"values.yaml": "image:\n  tag: theirs\nother: 1\n"}, "Theirs")
    assert (await dock.run(2, worker="w2")).status == "Succeeded"
    assert (await dock.run(3, worker="w3")).status == "Succeeded"


async def test_a_step_that_was_interrupted(dock: Dock, repository: Repository) -> None:
    """What a killed attempt left in the tree does not stay there."""
    await dock.begin(*whole(repository))
    await dock.run(1)
    await dock.run(2)
    state = dock.work() / "state.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"busy": "3"}))
    (dock.work() / "tree" / "src" / "half-written").write_text("x")
    await dock.run(3)
    await dock.run(4)
    listed = repository.git("ls-tree", "-r", "--name-only", "refs/heads/main")
    assert listed == "values.yaml"


async def test_a_push_that_had_arrived(dock: Dock, repository: Repository) -> None:
    """A worker dies after the server took its push: the next one adopts the commit."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3):
        await dock.run(number)
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")  # so that the push rebases
    runner = dock.runner()
    end = runner.store.steps.end
    lost = []

    async def forget(*args: object, **_more: object) -> None:
        lost.append(args)

    runner.store.steps.end = forget  # type: ignore[method-assign]  # this worker dies here
    await dock.run(4)
    runner.store.steps.end = end  # type: ignore[method-assign]  # and this is another
    pushed = repository.head()
    assert (await dock.run(4, attempt=2, worker="w2")).status == "Succeeded"
    assert (len(lost), repository.head()) == (1, pushed)
    assert (await dock.record(4)).output["commit"] == pushed


async def test_past_a_push(dock: Dock, repository: Repository) -> None:
    """A tree is rebuilt past a push that rebased, without pushing anything."""
    again = [update("1.2"), commit("Again"), PUSH]
    await dock.begin(*whole(repository), *again)
    for number in (1, 2, 3):
        await dock.run(number)
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    await dock.run(4)
    for number in (5, 6, 7):
        assert (await dock.run(number, worker=f"w{number}")).status == "Succeeded"
    assert repository.subjects() == ["Again", "Updated src/values.yaml", "Theirs", "First"]


async def test_what_was_skipped_leaves_no_gap(dock: Dock, repository: Repository) -> None:
    """A step that its `if` skipped has no part in the tree."""
    url = repository.file_remote().url
    no = "${{ ctx.stage == 'prod' }}"
    await dock.begin(clone(url), update("9", **{"if": no, "as": "not"}), update(), commit(), PUSH)
    for number in (1, 2, 3, 4, 5):
        await dock.run(number, worker=f"w{number % 2}")
    assert 'tag: "1.1"' in repository.show("values.yaml")


@pytest.mark.parametrize("number", [2, 3])
async def test_a_record_that_was_changed(dock: Dock, repository: Repository, number: int) -> None:
    """A tree that comes out otherwise than recorded is an error, and nothing is pushed."""
    await dock.begin(*whole(repository))
    before = repository.head()
    for done in range(1, number + 1):
        await dock.run(done)
    path = tables.step.c.path == str(number)
    async with dock.crew.store.database.write() as connection:
        await connection.execute(sql_update(tables.step).where(path).values(tree="0" * 64))
    result = await dock.run(number + 1, worker="w2")
    assert result.status == "Errored"
    assert f"as it was after step {number}" in result.message
    assert repository.head() == before


async def test_the_same_worker_goes_on(dock: Dock, repository: Repository) -> None:
    """A tree that stands as it should is not built anew: what is in it stays."""
    await dock.begin(*whole(repository))
    await dock.run(1)
    await dock.run(2)
    values = dock.work() / "tree" / "src" / "values.yaml"
    inode = values.stat().st_ino
    await dock.run(3)
    assert values.stat().st_ino == inode
