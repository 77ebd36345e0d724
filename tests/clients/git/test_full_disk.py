"""A worker's disk that is full or read-only: errors that say so, and pass when the disk is well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.layout import mark_damaged
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import Credential, GitRemote
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.damages import mirrors
from tests.clients.git.deeds import ANN, DATE, commit, edit, push
from tests.clients.git.keys import ssh_key
from tests.servers.git import Repository, RunningGit
from tests.small_disk import Disk, small_disk

A = "apps/a/values.yaml"

Trouble = Callable[[Disk], AbstractContextManager[None]]
both = pytest.mark.parametrize("trouble", [Disk.full, Disk.read_only], ids=["full", "read-only"])


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk for mirrors, records and work trees."""
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def worker(disk: Disk) -> Iterator[GitClient]:
    """A client with all its files on that disk."""
    made = GitClient(disk.folder / "data", OPTIONS)
    yield made
    made.close()


async def _fails(deed: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(TemporaryError) as caught:
        await deed()
    assert "disk is full or cannot be written" in str(caught.value)
    assert "make room on it (tried again by itself)" in str(caught.value)
    assert caught.value.delay == timedelta(minutes=1)


@both
async def test_each_moment_of_a_promotion(
    worker: GitClient,
    disk: Disk,
    served: RunningGit,
    repository: Repository,
    trouble: Trouble,
) -> None:
    """Clone, edit, commit, tag and push fail in one sentence, and then go on where they were."""
    remote, root = served.remote("shop"), disk.folder / "work"

    async def clone() -> object:
        return await worker.clone(remote, root, branch="main", hold="1")

    with trouble(disk):
        await _fails(clone)
    await clone()
    with trouble(disk):
        checkout = await worker.open(remote, root)
        await _fails(lambda: checkout.materialise(A))
    checkout = await worker.clone(remote, root, branch="main", hold="1")
    await edit(checkout, A, "x:1", "x:2")
    with trouble(disk):
        await _fails(lambda: commit(checkout))
    made = await commit(checkout)
    with trouble(disk):
        tag = {"tagger": ANN, "date": DATE, "trailers": {}}
        await _fails(lambda: checkout.tag("v1", "One", **tag))  # type: ignore[arg-type]  # by name
    repository.commit({"theirs": "1"})  # so that the push has to fetch, and to rebase
    with trouble(disk):
        await _fails(lambda: push(checkout, remote))
    checkout = await worker.open(remote, root)
    assert await checkout.head() == made
    await push(checkout, remote)
    assert repository.subjects() == ["Promote", "Change", "First"]
    (mirror,) = mirrors(disk.folder / "data/mirrors/x")
    Repository(mirror).git("fsck", "--strict")


@both
async def test_keys_that_cannot_be_laid_down(
    worker: GitClient, disk: Disk, repository: Repository, trouble: Trouble
) -> None:
    """A key needs a file: where there is no room for it, that is said, too."""
    key = ssh_key().private
    remote = GitRemote("ssh://git@127.0.0.1:1/shop.git", Credential("", "", ssh_private_key=key))
    await worker.remote_head(repository.file_remote(), "main")
    with trouble(disk):
        await _fails(lambda: worker.remote_head(remote, "main"))
    assert not list((disk.folder / "data/git").glob("key-*"))
    author = replace(ANN, signing_key=key)
    checkout = await worker.clone(repository.file_remote(), disk.folder / "work", hold="1")
    tag = {"tagger": author, "date": DATE, "trailers": {}}
    with trouble(disk):
        await _fails(lambda: checkout.tag("v1", "One", **tag))  # type: ignore[arg-type]  # by name


async def test_a_damaged_mirror_on_a_full_disk(
    worker: GitClient, disk: Disk, repository: Repository
) -> None:
    """It is removed all the same: it may be what the disk is full of."""
    await worker.clone(repository.file_remote(), disk.folder / "work", branch="main", hold="1")
    (mirror,) = mirrors(disk.folder / "data/mirrors/x")
    mark_damaged(mirror)
    with disk.full():
        assert await worker.tidy() == [mirror.name]
    assert not mirror.exists()


@both
async def test_tidying_up(
    worker: GitClient, disk: Disk, repository: Repository, trouble: Trouble
) -> None:
    """Upkeep on such a disk does no harm, and a release is made up for."""
    remote = repository.file_remote()
    await worker.clone(remote, disk.folder / "work", branch="main", hold="1")
    keeper = GitClient(disk.folder / "data", replace(OPTIONS, mirrors_idle=0.0))
    with trouble(disk), suppress(TemporaryError):
        assert await keeper.tidy() == []
    await worker.release(disk.folder / "work")
    assert await keeper.tidy() == []
    keeper.close()
    (mirror,) = mirrors(disk.folder / "data/mirrors/x")
    Repository(mirror).git("fsck", "--strict")
    assert not Repository(mirror).git("for-each-ref", "refs/ferryman")
