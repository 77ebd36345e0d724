"""What git processes leave in a mirror that are killed with -9, while their worker lives on."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.locks import Usage
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.damages import LOCKS, mirrors, worn
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository

A = "apps/a/values.yaml"


def _killed(mirror: Path, *args: str, said: bytes, until: Callable[[], bool]) -> None:
    """Kill a git in the middle of its work."""
    git = subprocess.Popen(
        ["git", f"--git-dir={mirror}", *args],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with git:
        assert git.stdin
        git.stdin.write(said)
        git.stdin.flush()
        while not until():
            time.sleep(0.01)
        git.kill()


def _age(mirror: Path) -> None:
    """Let what was left look as if it had been there for some seconds."""
    for file in mirror.rglob("*"):
        if file.is_file() and file.name != "ferryman.lock":
            os.utime(file, (time.time() - 5,) * 2)


async def _promote(client: GitClient, repository: Repository, root: Path) -> None:
    remote = repository.file_remote()
    checkout = await client.clone(remote, root, branch="main", hold=root.name)
    await edit(checkout, A, "x:1", "x:2")
    await commit(checkout)
    await push(checkout, remote)
    await client.release(root)


async def test_locks_of_a_killed_git(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A lock that a real git held when it was killed stops nobody, at once and not in minutes."""
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    lock, said = mirror / "refs/heads/main.lock", f"update refs/heads/main {repository.head()}"
    said = f"start\n{said}\nprepare\n"
    _killed(mirror, "update-ref", "--stdin", said=said.encode(), until=lock.exists)
    _age(mirror)
    repository.commit({"x": "1"})
    await _promote(client, repository, tmp_path / "1")
    assert repository.subjects()[0] == "Promote"
    assert not lock.exists()
    assert mirrors(mirror) == [mirror]


async def test_a_half_written_pack_of_a_killed_git(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """It is in nobody's way, and gone after a restart."""
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    packs = mirror / "objects/pack"
    said = b"blob\ndata 5\nhello\nblob\ndata 500000\n"

    def begun() -> bool:
        return any(packs.glob("tmp_pack_*"))

    _killed(mirror, "fast-import", said=said, until=begun)
    await _promote(client, repository, tmp_path / "1")
    assert begun()
    client.close()
    restarted = GitClient(tmp_path / "data", OPTIONS)
    await restarted.clone(repository.file_remote(), tmp_path / "2", hold="2")
    restarted.close()
    assert not begun()


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCKS)
async def test_each_lock(
    client: GitClient, repository: Repository, tmp_path: Path, name: str
) -> None:
    """Promotions pass, and a restart removes it, if nobody had to before."""
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    held = Repository(mirror).git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/ferryman")
    lock = mirror / (name % held if "%" in name else name)
    lock.parent.mkdir(exist_ok=True)
    lock.touch()
    _age(mirror)
    repository.commit({"x": "1"})
    await _promote(client, repository, tmp_path / "1")
    await client.release(tmp_path / "older")
    assert repository.subjects()[0] == "Promote"
    client.close()
    restarted = GitClient(tmp_path / "data", OPTIONS)
    await restarted.clone(repository.file_remote(), tmp_path / "2", hold="2")
    restarted.close()
    assert mirrors(mirror) == [mirror]
    assert not lock.exists()


async def test_what_lives_is_left_alone(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A lock that is younger than a git of ours may be its own, or another process's."""
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    client.close()
    lock = mirror / "packed-refs.lock"
    ours = Usage(mirror)
    lock.touch()
    _age(mirror)
    ours.clear(before=time.time() - 60)
    assert lock.exists()
    theirs = Usage(mirror)  # of another process, as far as the kernel knows
    ours.clear(before=time.time())
    assert lock.exists()
    theirs.close()
    ours.clear(before=time.time())
    assert not lock.exists()
    ours.close()


@pytest.mark.slow
async def test_upkeep_packs_in_spite_of_them(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A lock of a packing that was killed does not keep a mirror unpacked for ever."""
    mirror = await worn(client, repository.file_remote(), repository, tmp_path)
    graph = mirror / "objects/info/commit-graph.lock"
    graph.touch()
    os.utime(graph, (0, 0))
    tidy = GitClient(tmp_path / "data", replace(OPTIONS, mirrors_idle=0.0))
    await tidy.tidy()
    tidy.close()
    assert not graph.exists()
