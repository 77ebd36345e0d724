"""Mirrors: found, made, tidied up, made anew; and what is checked out from them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.failures import DamagedError
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository

FILE = "apps/a/values.yaml"


def _mirrors(tmp_path: Path) -> list[Repository]:
    return [Repository(path) for path in sorted((tmp_path / "data/mirrors").glob("*.git"))]


async def test_branch_tag_and_commit_can_be_checked_out(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Also an annotated tag, and an abbreviated commit; none of them is the default branch."""
    remote, first = repository.file_remote(), repository.head()
    repository.git("tag", "-a", "-m", "Version 1", "v1", "main")
    repository.commit({"x": "2"}, branch="other")
    second = repository.commit({"x": "1"})
    ways: list[tuple[dict[str, Any], str | None, str]] = [
        ({"branch": "other"}, "other", repository.head("other")),
        ({"tag": "v1"}, None, first),
        ({"commit": first[:9]}, None, first),
        ({"commit": repository.head("other")}, None, repository.head("other")),
        ({}, "main", second),
    ]
    for number, (choice, branch, head) in enumerate(ways):
        checkout = await client.clone(remote, tmp_path / str(number), hold=f"{number}", **choice)
        assert (checkout.branch, await checkout.head()) == (branch, head)


async def test_what_is_missing_is_named_with_what_is_there(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A missing branch or tag is answered with those that exist."""
    remote = repository.file_remote()
    repository.commit({"x": "1"}, branch="env/dev")
    with pytest.raises(
        NotFoundError, match="no branch 'env/prod'; name another one: it has env/dev, main"
    ):
        await client.clone(remote, tmp_path / "work", branch="env/prod", hold="p.1")
    with pytest.raises(NotFoundError, match="no tag 'v9'; name another one: it has none"):
        await client.clone(remote, tmp_path / "work", tag="v9", hold="p.1")
    with pytest.raises(NotFoundError, match=r"no branch or tag of .* leads to the commit 1234567"):
        await client.clone(remote, tmp_path / "work", commit="1234567", hold="p.1")


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"branch": "--upload-pack=evil"}, "branch"),
        ({"branch": "a..b"}, "branch"),
        ({"branch": "a.lock"}, "branch"),
        ({"tag": "-v"}, "tag"),
        ({"tag": "v 1"}, "tag"),
        ({"commit": "main"}, "commit"),
        ({"branch": "main", "tag": "v1"}, "checkout"),
    ],
)
async def test_bad_names_are_refused(
    client: GitClient, repository: Repository, tmp_path: Path, choice: dict[str, Any], field: str
) -> None:
    """What git could take for an option, and what no ref may be called."""
    with pytest.raises(InvalidError) as caught:
        await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1", **choice)
    assert caught.value.field == field


async def test_a_branch_is_created_once(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """With `create`, a missing branch gets an empty first commit at once; next time it is there."""
    remote = repository.file_remote()
    heads = []
    for number in range(2):
        checkout = await client.clone(
            remote, tmp_path / str(number), branch="env/new", create=True, hold=f"{number}"
        )
        heads.append(await checkout.head())
    assert heads == [repository.head("env/new")] * 2
    assert repository.git("log", "--format=%s|%T", "env/new") == (
        "Initial commit|4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    )


async def test_a_branch_that_became_a_folder_of_branches(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A branch `env/prod` can be fetched after `env` was, and is gone."""
    remote = repository.file_remote()
    repository.commit({"x": "1"}, branch="env")
    await client.clone(remote, tmp_path / "1", branch="env", hold="1")
    repository.git("update-ref", "-d", "refs/heads/env")
    head = repository.commit({"x": "2"}, branch="env/prod")
    checkout = await client.clone(remote, tmp_path / "2", branch="env/prod", hold="2")
    assert await checkout.head() == head


async def test_a_changed_default_branch_is_noticed(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """The default branch is the remote's of today, and a rewritten branch is followed."""
    remote = repository.file_remote()
    await client.clone(remote, tmp_path / "1", hold="1")
    repository.git("branch", "-m", "main", "trunk")
    head = repository.commit({"x": "1"}, branch="trunk")
    repository.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    checkout = await client.clone(remote, tmp_path / "2", hold="2")
    assert (checkout.branch, await checkout.head()) == ("trunk", head)
    repository.git("update-ref", "refs/heads/trunk", f"{head}~1")
    checkout = await client.clone(remote, tmp_path / "3", branch="trunk", hold="3")
    assert await checkout.head() == repository.head("trunk") != head


async def test_scopes_do_not_share_objects(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Two Projects with credentials of their own have mirrors of their own."""
    ours, theirs = repository.file_remote("ours"), repository.file_remote("theirs")
    checkout = await client.clone(ours, tmp_path / "1", hold="1")
    await edit(checkout, FILE, "x:1", "x:2")
    made = await commit(checkout)
    with pytest.raises(NotFoundError):
        await client.clone(theirs, tmp_path / "2", commit=f"{made}", hold="2")
    assert len(_mirrors(tmp_path)) == 2


async def test_stale_locks_are_removed_at_start(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """What a killed process left behind holds up nobody after a restart."""
    remote = repository.file_remote()
    await client.clone(remote, tmp_path / "1", branch="main", hold="1")
    repository.commit({"x": "1"})
    lock = _mirrors(tmp_path)[0].path / "refs/heads/main.lock"
    lock.touch()
    client.close()
    restarted = GitClient(tmp_path / "data", OPTIONS)
    checkout = await restarted.clone(remote, tmp_path / "2", branch="main", hold="2")
    assert await checkout.head() == repository.head()
    assert not lock.exists()
    restarted.close()


@pytest.mark.parametrize("broken", ["HEAD", "objects", "refs"])
async def test_a_broken_mirror_is_made_anew(
    client: GitClient, repository: Repository, tmp_path: Path, broken: str
) -> None:
    """A mirror that lost a part is replaced while its clone is asked for, not before."""
    remote = repository.file_remote()
    await client.clone(remote, tmp_path / "1", hold="1")
    (mirror,) = _mirrors(tmp_path)
    (mirror.path / broken).rename(mirror.path / "lost")
    checkout = await client.clone(remote, tmp_path / "2", hold="2")
    await edit(checkout, FILE, "x:1", "x:2")
    await commit(checkout)
    assert (await push(checkout, remote)).commit == repository.head()


async def test_a_broken_object_is_found_and_mended(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Where a file cannot be read, the checkout counts as missing then, and a clone works."""
    remote = repository.file_remote()
    checkout = await client.clone(remote, tmp_path / "1", hold="1")
    (mirror,) = _mirrors(tmp_path)
    for file in (mirror.path / "objects").glob("??/*"):
        file.chmod(0o600)
        file.write_bytes(b"")
    with pytest.raises(DamagedError, match=r"damaged, .* \(tried again by itself\)"):
        await checkout.materialise(FILE)
    with pytest.raises(NotFoundError):
        await client.open(remote, tmp_path / "1")
    checkout = await client.clone(remote, tmp_path / "1", hold="1")
    await checkout.materialise(FILE)
    assert (checkout.root / FILE).exists()


async def test_many_checkouts_of_one_mirror(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Eight promotions of two processes at once end as eight commits."""
    repository.commit({f"env/{n}": "x:1" for n in range(8)})
    remote = repository.file_remote()
    second = GitClient(tmp_path / "data", OPTIONS)

    async def promote(number: int) -> None:
        git, step = (client, second)[number % 2], f"p.{number}/3"
        checkout = await git.clone(remote, tmp_path / f"{number}", branch="main", hold=step)
        await edit(checkout, f"env/{number}", "x:1", "x:2")
        await commit(checkout, f"{number}", step=step)
        await push(checkout, remote, step=step, max_attempts=50)
        await git.release(checkout.root)

    await asyncio.gather(*(promote(number) for number in range(8)))
    second.close()
    assert sorted(repository.subjects()[:8], key=int) == [str(number) for number in range(8)]
    (mirror,) = _mirrors(tmp_path)
    assert mirror.git("for-each-ref", "refs/ferryman") == ""
    mirror.git("fsck", "--strict")


async def test_a_folder_that_is_not_ours_is_left_alone(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Files at the root that no checkout put there are neither removed nor mixed with ours."""
    root = tmp_path / "work"
    root.mkdir()
    (root / "precious").touch()
    with pytest.raises(ConflictError, match="not empty"):
        await client.clone(repository.file_remote(), root, hold="1")
    await client.release(root)
    assert (root / "precious").exists()
