"""Pushes that wait for one another go together: one commit each, and one push for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import FencedError, PermanentError
from ferryman.domain.ports import Pushed
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import TRAILER, commit, edit, push
from tests.servers.git import Repository, make_repository

GATE = """
echo push >> "$GIT_DIR/pushes"
while [ -e "$GIT_DIR/closed" ]; do sleep 0.01; done
while read old new ref; do
  if git diff --name-only $old $new | grep -q forbidden; then echo 'not that' >&2; exit 1; fi
done
"""
"""Counts pushes, holds them while it is closed, and lets nothing forbidden in."""


class Gate:
    """What the server does with pushes."""

    def __init__(self, repository: Repository) -> None:
        self._closed = repository.path / "closed"
        self._pushes = repository.path / "pushes"
        repository.hook("pre-receive", GATE)

    @property
    def pushes(self) -> int:
        """How many there were."""
        return len(self._pushes.read_text().splitlines()) if self._pushes.exists() else 0

    def close(self) -> None:
        """Hold pushes from now on."""
        self._closed.touch()

    def open(self) -> None:
        """Let them go on."""
        self._closed.unlink()

    async def reached(self) -> None:
        """Wait for the first push."""
        while not self.pushes:  # noqa: ASYNC110 — a file has no event
            await asyncio.sleep(0.01)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with a file for each promotion."""
    files = {f"env/{n}.yaml": "image: x:1\n" for n in range(8)}
    return make_repository(tmp_path / "remotes" / "shop.git", files)


@pytest.fixture
def gate(repository: Repository) -> Iterator[Gate]:
    """Before that repository."""
    yield Gate(repository)
    (repository.path / "closed").unlink(missing_ok=True)


async def changed(
    client: GitClient, repository: Repository, root: Path, number: int, *paths: str
) -> Checkout:
    """The checkout of one promotion, with a commit in it."""
    step = f"p.{number}/3"
    checkout = await client.clone(repository.file_remote(), root / f"{number}", hold=step)
    for path in paths:
        file = checkout.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{number}\n")
    if not paths:
        await edit(checkout, f"env/{number}.yaml", "x:1", "x:2")
    await commit(checkout, f"Promote {number}", step=step)
    return checkout


async def all_changed(
    client: GitClient, repository: Repository, root: Path, *numbers: int
) -> list[Checkout]:
    """Those of several promotions."""
    return [await changed(client, repository, root, number) for number in numbers]


def pushing(
    checkouts: Sequence[Checkout], repository: Repository, branch: str = "main"
) -> list[asyncio.Task[Pushed]]:
    """Push them all, in their order."""
    remote = repository.file_remote()
    return [
        asyncio.create_task(push(one, remote, branch, step=f"p.{one.root.name}/3"))
        for one in checkouts
    ]


async def behind_the_first(
    gate: Gate, checkouts: Sequence[Checkout], repository: Repository
) -> list[asyncio.Task[Pushed]]:
    """Push all; those after the first come while it is held at the gate."""
    gate.close()
    first = pushing(checkouts[:1], repository)
    await gate.reached()
    others = pushing(checkouts[1:], repository)
    await asyncio.sleep(0)  # until they stand in line
    gate.open()
    return first + others


async def test_those_that_wait_go_together(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """Five that came while one was under way need one more push; each has its own commit."""
    checkouts = await all_changed(client, repository, tmp_path, *range(6))
    tasks = await behind_the_first(gate, checkouts, repository)
    pushed = await asyncio.gather(*tasks)
    assert gate.pushes == 2
    listed = repository.git("log", "--format=%H|%s|%an|%cI|%(trailers:key=Ferryman-Promotion)")
    commits = dict(line.split("|", 1) for line in listed.splitlines() if line)
    assert len(commits) == 7
    for number, (checkout, one) in enumerate(zip(checkouts, pushed, strict=True)):
        assert await checkout.head() == one.commit
        assert commits[one.commit] == (
            f"Promote {number}|Ann|2026-05-04T12:00:00+00:00|{TRAILER}: p.{number}/3"
        )
        names = repository.git("diff-tree", "-r", "--name-only", "--no-commit-id", one.commit)
        assert names == f"env/{number}.yaml"
        assert not one.already


async def test_it_can_be_switched_off(repository: Repository, gate: Gate, tmp_path: Path) -> None:
    """Then each has a push of its own, one after the other."""
    client = GitClient(tmp_path / "data", replace(OPTIONS, group_commit=False))
    checkouts = await all_changed(client, repository, tmp_path, *range(4))
    tasks = await behind_the_first(gate, checkouts, repository)
    await asyncio.gather(*tasks)
    client.close()
    assert gate.pushes == 4
    assert len(repository.subjects()) == 5


async def test_the_server_refuses_one(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """The guilty one is found by halves; all others land."""
    checkouts = await all_changed(client, repository, tmp_path, 0, 1, 2, 3, 4)
    checkouts.insert(3, await changed(client, repository, tmp_path, 9, "forbidden"))
    tasks = await behind_the_first(gate, checkouts, repository)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, Pushed) for one in done] == [True, True, True, False, True, True]
    assert isinstance(done[3], PermanentError)
    assert "not that" in str(done[3])
    assert sorted(repository.subjects()) == ["First", *(f"Promote {n}" for n in range(5))]


async def test_a_conflict_befalls_one(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """Of two that change one file, the later fails and names it, once the first has landed."""
    checkouts = await all_changed(client, repository, tmp_path, 0, 1, 2)
    checkouts.insert(2, await changed(client, repository, tmp_path, 9, "env/1.yaml"))
    tasks = await behind_the_first(gate, checkouts, repository)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, Pushed) for one in done] == [True, True, False, True]
    assert "in env/1.yaml; promote again" in str(done[2])
    assert repository.show("env/1.yaml") == "image: x:2"


async def test_a_conflict_with_one_that_fails_is_none(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """Where the first of two that conflict is refused, the second lands."""
    checkouts = await all_changed(client, repository, tmp_path, 0, 1)
    both = await changed(client, repository, tmp_path, 9, "env/1.yaml", "forbidden")
    checkouts.insert(1, both)
    tasks = await behind_the_first(gate, checkouts, repository)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, Pushed) for one in done] == [True, False, True]
    assert "not that" in str(done[1])
    assert repository.show("env/1.yaml") == "image: x:2"


async def test_who_is_fenced_off_is_left_out(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """Each is asked just before the push that they share, and the others go on without it."""

    async def fence() -> None:
        raise FencedError("another attempt owns this step")

    checkouts = await all_changed(client, repository, tmp_path, 0, 7, 1, 2)
    gate.close()
    tasks = pushing(checkouts[:1], repository)
    await gate.reached()
    late = push(checkouts[1], repository.file_remote(), step="p.7/3", before=fence)
    tasks += [asyncio.create_task(late), *pushing(checkouts[2:], repository)]
    await asyncio.sleep(0)
    gate.open()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, Pushed) for one in done] == [True, False, True, True]
    assert isinstance(done[1], FencedError)
    assert gate.pushes == 2
    assert sorted(repository.subjects()) == ["First", *(f"Promote {n}" for n in range(3))]


async def test_who_is_aborted_while_waiting_is_taken_out(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """Cancelled before its turn, nothing of it reaches the remote."""
    checkouts = await all_changed(client, repository, tmp_path, 0, 1, 2)
    gate.close()
    tasks = pushing(checkouts[:1], repository)
    await gate.reached()
    tasks += pushing(checkouts[1:], repository)
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.wait([tasks[1]])
    gate.open()
    await asyncio.gather(tasks[0], tasks[2])
    assert tasks[1].cancelled()
    assert repository.subjects() == ["Promote 2", "Promote 0", "First"]


async def test_nobody_waits_any_more(
    client: GitClient, repository: Repository, gate: Gate, tmp_path: Path
) -> None:
    """When all of a push were cancelled its git is ended, and the next push is not held up."""
    first, second = await all_changed(client, repository, tmp_path, 0, 1)
    gate.close()
    (task,) = pushing([first], repository)
    await gate.reached()
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
    gate.open()
    await push(second, repository.file_remote(), step="p.1/3")
    assert repository.subjects()[0] == "Promote 1"


async def test_lost_answers_are_found(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Where a worker died after its group had landed, each finds its own commit again."""
    checkouts = await all_changed(client, repository, tmp_path, 0, 1, 2)
    repository.commit({"theirs": "1"}, "Theirs")
    landed = repository.path / "landed"
    repository.hook("post-receive", f"touch {landed}; sleep 60")
    tasks = pushing(checkouts, repository)
    while not await asyncio.to_thread(landed.exists):  # noqa: ASYNC110 — a file has no event
        await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    repository.hook("post-receive", "")
    again = await asyncio.gather(*pushing(checkouts[::-1], repository))
    assert all(one.already for one in again)
    assert len({one.commit for one in again}) == 3
    assert repository.subjects() == ["Promote 2", "Promote 1", "Promote 0", "Theirs", "First"]
