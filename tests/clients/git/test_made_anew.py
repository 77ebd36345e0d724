"""Mirrors that are made anew: who worked on the old one, what is left of it, what else may go."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.commands import Commands
from ferryman.clients.git.failures import DamagedError, UnexplainedError
from ferryman.clients.git.layout import is_marked, mark_damaged
from ferryman.domain.errors import NotFoundError, TemporaryError
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.damages import GARBAGE, mirrors, worn
from tests.clients.git.deeds import ANN, DATE, commit, edit, nothing, push
from tests.servers.git import Repository, RunningGit, make_repository

A = "apps/a/values.yaml"


async def test_who_works_on_the_old_one(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Has to begin anew, and does no harm to the new one."""
    remote = repository.file_remote()
    old = await worn(client, remote, repository, tmp_path)
    checkout = await client.clone(remote, tmp_path / "1", branch="main", hold="1")
    await edit(checkout, A, "x:1", "x:2")
    mark_damaged(old)
    await client.clone(remote, tmp_path / "2", branch="main", hold="2")
    (new,) = mirrors(old)
    with pytest.raises(DamagedError):
        await commit(checkout)
    await client.clone(remote, tmp_path / "3", branch="main", hold="3")
    assert mirrors(old) == [new] != [old]


async def test_nothing_of_the_old_one_is_used(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A commit that only the damaged one had is in no mirror any more."""
    remote = repository.file_remote()
    old = await worn(client, remote, repository, tmp_path)
    stray = Repository(old).commit({"x": "1"}, branch="stray")
    assert await (await client.clone(remote, tmp_path / "1", commit=stray, hold="1")).head()
    mark_damaged(old)
    with pytest.raises(NotFoundError, match="no branch or tag"):
        await client.clone(remote, tmp_path / "2", commit=stray, hold="2")


async def test_words_that_nobody_understands(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """They cost a whole mirror nothing, even one with odd commits, and find a broken one."""
    tree = repository.git("rev-parse", "main^{tree}")
    odd = f"tree {tree}\nauthor Ann<ann@x> 1 +0000\ncommitter Ann <ann@x> 1 +0000\n\nOdd\n"
    literally = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    made = repository.git(*literally, stdin=odd.encode())
    repository.git("update-ref", "refs/heads/main", made)
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    words = UnexplainedError("git x: fatal: y")
    commands = Commands(tmp_path / "git", OPTIONS)
    assert await commands.judged(words, mirror) is words
    assert not is_marked(mirror)
    (mirror / "objects" / made[:2] / made[2:]).unlink()
    assert await commands.judged(words, mirror) is words  # it was looked at just now
    fresh = Commands(tmp_path / "git", OPTIONS)
    assert isinstance(await fresh.judged(words, mirror), DamagedError)
    assert is_marked(mirror)


async def test_a_git_that_does_not_start(
    client: GitClient, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine has no room for a process, no mirror is to blame."""
    checkout = await client.clone(repository.file_remote(), tmp_path / "1", hold="1")
    with monkeypatch.context() as patch:
        patch.setattr("git.Git.GIT_PYTHON_GIT_EXECUTABLE", "/nonexistent/git")
        with pytest.raises(TemporaryError, match=r"git could not be started: .*nonexistent"):
            await checkout.materialise(A)
    await checkout.materialise(A)
    assert (checkout.root / A).exists()


async def test_a_tag_that_was_made_in_the_old_one(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A checkout whose tag is gone counts as gone, though its commit can be fetched again."""
    remote = repository.file_remote()
    checkout = await client.clone(remote, tmp_path / "1", branch="main", hold="1")
    await checkout.tag("v1", "Version 1", tagger=ANN, date=DATE, trailers={})
    (old,) = (tmp_path / "data/mirrors").glob("*.git")
    shutil.rmtree(old)
    with pytest.raises(DamagedError):
        await checkout.push_tag(remote, "v1", force=False, max_attempts=1, before=nothing)
    await client.clone(remote, tmp_path / "2", branch="main", hold="2")
    with pytest.raises(NotFoundError):
        await client.open(remote, tmp_path / "1")


async def test_nobody_asks_for_it_again(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """The janitor removes it, whoever had a checkout on it, and what a killed process left."""
    old = await worn(client, repository.file_remote(), repository, tmp_path)
    mark_damaged(old)
    for name in (".discarded-x/y", ".new-x/y"):
        (old.parent / name).mkdir(parents=True)
    assert await client.tidy() == [old.name]
    assert [path.name for path in old.parent.iterdir()] == [".making"]
    assert await client.tidy() == []
    await client.release(tmp_path / "older")


async def test_a_mirror_in_the_place_of_another(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """What was fetched by one credential is not seen by another, though somebody mixed them up."""
    ours, theirs = repository.file_remote("ours"), repository.file_remote("theirs")
    await client.clone(ours, tmp_path / "1", hold="1")
    (mine,) = (tmp_path / "data/mirrors").glob("*.git")
    secret = Repository(mine).commit({"x": "1"}, branch="secret")
    await client.clone(theirs, tmp_path / "2", hold="2")
    (other,) = (path for path in mirrors(mine) if path != mine)
    shutil.rmtree(other)
    shutil.copytree(mine, other)
    with pytest.raises(NotFoundError, match="no branch or tag"):
        await client.clone(theirs, tmp_path / "3", commit=secret, hold="3")


_LOST: dict[str, Callable[[Path], object]] = {
    "records": lambda data: shutil.rmtree(data / "checkouts"),
    "what records say": lambda data: [
        file.write_bytes(GARBAGE) for file in (data / "checkouts").iterdir()
    ],
    "what records have": lambda data: [
        file.write_bytes(b"") for file in (data / "checkouts").iterdir()
    ],
    "the client's own folder": lambda data: shutil.rmtree(data / "git"),
    "all mirrors": lambda data: shutil.rmtree(data / "mirrors"),
    "everything": shutil.rmtree,
}


@pytest.mark.slow
@pytest.mark.parametrize("lose", _LOST.values(), ids=_LOST)
async def test_what_else_may_be_lost(
    client: GitClient,
    served: RunningGit,
    repository: Repository,
    tmp_path: Path,
    lose: Callable[[Path], object],
) -> None:
    """While the worker runs: the promotion begins anew and ends right."""
    remote, root = served.remote("shop"), tmp_path / "work"
    await client.clone(remote, root, branch="main", hold="1")
    lose(tmp_path / "data")
    try:
        checkout = await client.open(remote, root)
    except NotFoundError:
        shutil.rmtree(root)
        checkout = await client.clone(remote, root, branch="main", hold="1")
    await edit(checkout, A, "x:1", "x:2")
    await commit(checkout)
    assert (await push(checkout, remote)).commit == repository.head()


async def test_a_work_tree_that_is_gone(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """In the middle of a step: an error that passes, for the next attempt has a new tree."""
    remote = repository.file_remote()
    ways: tuple[Callable[[Path], object], ...] = (shutil.rmtree, _into_file)
    for number, spoil in enumerate(ways):
        root = tmp_path / f"{number}"
        checkout = await client.clone(remote, root, branch="main", hold="1")
        await edit(checkout, A, "x:1", "x:2")
        spoil(root)
        with pytest.raises(DamagedError, match="tried again by itself"):
            await commit(checkout)
        with pytest.raises(NotFoundError):
            await client.open(remote, root)


def _into_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


async def test_a_repository_that_is_broken_on_its_server(client: GitClient, tmp_path: Path) -> None:
    """Two new mirrors are made in vain, and then the step waits for a minute: it is not ours."""
    repository = make_repository(tmp_path / "remotes/broken.git")
    for file in (repository.path / "objects").glob("??/*"):
        file.chmod(0o600)
        file.write_bytes(GARBAGE)
    with pytest.raises(TemporaryError) as caught:
        await client.clone(repository.file_remote(), tmp_path / "1", branch="main", hold="1")
    assert caught.value.delay.total_seconds() >= 10
