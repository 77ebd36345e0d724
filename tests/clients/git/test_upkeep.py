"""Mirrors are packed, and removed beyond a quota, when nobody uses them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.mirrors import key
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository, make_repository

pytestmark = pytest.mark.slow

A = "apps/a/values.yaml"


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[GitClient]:
    """A client that may keep next to nothing."""
    with closing(GitClient(tmp_path / "data", replace(OPTIONS, mirrors_max_bytes=1))) as client:
        yield client


def mirror(tmp_path: Path, repository: Repository) -> Path:
    """Where a repository's mirror is."""
    (found,) = (tmp_path / "data/mirrors").glob(f"{key(repository.file_remote())}.*.git")
    return found


def age(path: Path, seconds: float = 3600) -> None:
    """Let a mirror look as if it had not been used for so long."""
    for file in path.glob("*"):
        os.utime(file, (time.time() - seconds,) * 2)


async def test_the_least_recently_used_goes_first(tmp_path: Path, repository: Repository) -> None:
    """Only as many go as are needed."""
    other = make_repository(tmp_path / "remotes/other.git")
    client = GitClient(tmp_path / "data", OPTIONS)
    for number, remote in enumerate((repository, other)):
        await client.clone(remote.file_remote(), tmp_path / "work", hold=str(number))
    await client.release(tmp_path / "work")
    client.close()
    old, new = mirror(tmp_path, repository), mirror(tmp_path, other)
    age(old, 7200)
    age(new, 3600)
    size = sum(file.stat().st_size for file in new.rglob("*") if file.is_file())
    options = replace(OPTIONS, mirrors_max_bytes=size)
    with closing(GitClient(tmp_path / "data", options)) as bounded:
        assert await bounded.tidy() == [old.name]
        assert await bounded.tidy() == []
    assert not old.exists()
    assert new.exists()


async def test_one_that_was_just_used_stays(
    tight: GitClient, tmp_path: Path, repository: Repository
) -> None:
    """A fetch may be under way."""
    await tight.clone(repository.file_remote(), tmp_path / "work", hold="1")
    await tight.release(tmp_path / "work")
    assert await tight.tidy() == []
    path = mirror(tmp_path, repository)
    age(path)
    await tight.remote_head(repository.file_remote(), "main")
    checkout = await tight.clone(repository.file_remote(), tmp_path / "work", hold="2")
    await tight.release(checkout.root)
    assert await tight.tidy() == []


async def test_one_with_a_checkout_stays(
    tight: GitClient, tmp_path: Path, repository: Repository
) -> None:
    """However old it is, a Promotion may go on with it; when released, it goes and comes again."""
    checkout = await tight.clone(repository.file_remote(), tmp_path / "work", hold="1")
    path = mirror(tmp_path, repository)
    age(path)
    assert await tight.tidy() == []
    await edit(checkout, A, "x:1", "x:2")
    await commit(checkout)
    await push(checkout, repository.file_remote())
    await tight.release(tmp_path / "work")
    age(path)
    assert await tight.tidy() == [path.name]
    again = await tight.clone(repository.file_remote(), tmp_path / "work", hold="1")
    assert await again.head() == repository.head()


async def test_one_that_another_process_uses_stays(
    tight: GitClient, tmp_path: Path, repository: Repository
) -> None:
    """The quota waits until the other is done."""
    other = GitClient(tmp_path / "data", OPTIONS)
    await other.clone(repository.file_remote(), tmp_path / "work", hold="1")
    await other.release(tmp_path / "work")
    path = mirror(tmp_path, repository)
    age(path)
    assert await tight.tidy() == []
    other.close()
    age(path)
    assert await tight.tidy() == [path.name]


async def test_many_packs_become_one(
    client: GitClient, tmp_path: Path, repository: Repository
) -> None:
    """A mirror that was fetched into often is packed, and what checkouts need stays."""
    checkout = await client.clone(repository.file_remote(), tmp_path / "work", hold="1")
    await edit(checkout, A, "x:1", "x:2")
    await commit(checkout)
    path = mirror(tmp_path, repository)
    packs = path / "objects/pack"
    for number in range(21):
        made = Repository(path)
        made.git("update-ref", f"refs/heads/x{number}", _with_pack(made, number))
    assert len(list(packs.glob("*.pack"))) > 20
    age(path)
    assert await client.tidy() == []
    assert len(list(packs.glob("*.pack"))) == 1
    pushed = await push(checkout, repository.file_remote())
    assert repository.head() == pushed.commit


def _with_pack(repository: Repository, number: int) -> str:
    """Put one commit into a pack of its own, as a fetch does; return the commit."""
    stream = f"commit refs/heads/p\ncommitter O <o@x.y> {number} +0000\ndata 1\nP\n"
    settings = ["-c", "fastimport.unpackLimit=0"]
    repository.git(*settings, "fast-import", "--quiet", "--force", stdin=stream.encode())
    return repository.head("p")
