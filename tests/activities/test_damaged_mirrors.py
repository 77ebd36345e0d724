"""A worker's mirror breaks, or its disk fills up, while a Promotion is under way: it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ferryman.domain.plan import StepReturn
from tests.activities.conftest import Dock, whole
from tests.clients.git.damages import MIRROR
from tests.servers.git import Repository
from tests.small_disk import Disk, small_disk

_KINDS = (
    "a missing loose commit",
    "a truncated loose tree",
    "packed refs of garbage",
    "an empty private ref",
    "a private ref of garbage",
    "a ref of garbage",
    "a config that sends git elsewhere",
    "no objects folder",
    "another repository in its place",
    "a file for the folder",
)
"""One of each way in which damage is noticed; what git can do is tested beside its client."""


async def _until_it_ends(dock: Dock, number: int) -> tuple[StepReturn, list[StepReturn]]:
    """Run a step as the workflow would: again, for as long as it answers that it waits."""
    waits: list[StepReturn] = []
    while (answer := await dock.run(number, attempt=len(waits) + 1)).status == "Running":
        waits.append(answer)
        assert len(waits) < 3
    return answer, waits


@pytest.mark.parametrize("before", [2, 3, 4])
@pytest.mark.parametrize("hurt", [MIRROR[name] for name in _KINDS], ids=_KINDS)
@pytest.mark.slow
async def test_between_two_steps(
    dock: Dock, repository: Repository, hurt: Callable[[Path], object], before: int
) -> None:
    """No step fails: it is tried again a second later at most, on a tree that is built anew."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3, 4):
        if number == before:
            (mirror,) = (dock.folder / "w1/mirrors").glob("*.git")
            hurt(mirror)
        answer, waits = await _until_it_ends(dock, number)
        assert answer.status == "Succeeded"
        assert [(wait.error, wait.retry_after_seconds) for wait in waits] in ([], [(False, 1.0)])
    assert (await dock.record(4)).output["commit"] == repository.head()
    assert repository.subjects() == ["Updated src/values.yaml", "First"]
    assert 'tag: "1.1"' in repository.show("values.yaml")


async def test_while_it_is_pushed(dock: Dock, repository: Repository) -> None:
    """After the server took it: the next attempt finds the commit there, and pushes none."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3):
        await dock.run(number)
    (mirror,) = (dock.folder / "w1/mirrors").glob("*.git")
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")  # so that the push rebases
    repository.hook("post-receive", f"rm -rf {mirror}/objects")
    answer, waits = await _until_it_ends(dock, 4)
    assert (answer.status, len(waits)) == ("Succeeded", 1)
    assert repository.subjects() == ["Updated src/values.yaml", "Theirs", "First"]
    assert (await dock.record(4)).output["commit"] == repository.head()


@pytest.fixture
def disk(dock: Dock, tmp_path: Path) -> Iterator[Disk]:
    """The worker's disk."""
    with small_disk(tmp_path / "disk") as disk:
        dock.folder = disk.folder
        yield disk
        dock.stack.close()


@pytest.mark.parametrize("trouble", [Disk.full, Disk.read_only], ids=["full", "read-only"])
async def test_a_disk_out_of_order(
    dock: Dock,
    disk: Disk,
    repository: Repository,
    trouble: Callable[[Disk], AbstractContextManager[None]],
) -> None:
    """Each step waits for a minute and says what to do, and goes on when there is room."""
    await dock.begin(*whole(repository))
    for number in (1, 2, 3, 4):
        with trouble(disk):
            answer = await dock.run(number)
        assert (answer.status, answer.error, answer.retry_after_seconds) == ("Running", False, 60)
        assert "the worker's disk is full" in answer.message
        assert "make room on it" in answer.message
        assert (await dock.run(number, attempt=2)).status == "Succeeded"
    assert repository.subjects() == ["Updated src/values.yaml", "First"]
