"""Commits that are put on top of others without a merge: the same as a merge would make."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.grafting import graft_all, grafts
from ferryman.clients.git.mirror import Mirror
from ferryman.domain.ports import Pushed
from tests.clients.git.deeds import TRAILER, commit, nothing, push
from tests.clients.git.keys import ssh_key
from tests.clients.git.test_groups import pushing
from tests.clients.git.test_integration import committed
from tests.servers.git import Repository, make_repository

Files = Mapping[str, str | bytes | None]

FILES: Files = {
    "a/one": "1\n2\n3\n4\n5\n",
    "a/two": "2\n",
    "b/one": "1\n",
    "100755:b/run": "x\n",
    "120000:link": "a",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with a few files."""
    return make_repository(tmp_path / "remotes" / "shop.git", FILES)


async def changed(client: GitClient, repository: Repository, root: Path, files: Files) -> Checkout:
    """A checkout with a commit that changes these files; None removes one."""
    checkout = await client.clone(repository.file_remote(), root, hold=root.name)
    await checkout.materialise(*files)
    for path, content in files.items():
        file = checkout.root / path
        if content is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content))
    await commit(checkout, root.name, step=f"p.{root.name}/3")
    return checkout


def _mirror(checkout: Checkout) -> Mirror:
    return checkout._mirror


async def _found(checkout: Checkout, base: str) -> int:
    head = await checkout.head()
    wanted = [(head, (TRAILER, f"p.{checkout.root.name}/3"))]
    return len(await grafts(_mirror(checkout), base, wanted))


@pytest.mark.parametrize(
    ("ours", "theirs", "fits"),
    [
        ({"a/two": "x"}, {"b/one": "y"}, True),
        ({"a/new": "x"}, {"a/two": "y"}, True),
        ({"c/d/new": "x"}, {"c/other": "y"}, True),
        ({"a/one": "0\n2\n3\n4\n5\n"}, {"a/one": "1\n2\n3\n4\n6\n"}, False),  # can be merged
        ({"a/two": "x"}, {"a/two": "x"}, False),  # nothing is left of it
        ({"a/two": None}, {"b/one": "y"}, False),  # might be a rename
        ({"a/new": "x"}, {"a/one": None, "a/two": None}, False),  # the folder is gone
        ({"c/new": "x"}, {"c": "y"}, False),
        ({"c": "x"}, {"c/new": "y"}, False),
        ({"a/new": "x"}, {"a/new": "y"}, False),
        ({"a/two": "x"}, {"100755:a/two": "2\n"}, False),
    ],
)
async def test_what_can_be_grafted(
    client: GitClient,
    repository: Repository,
    tmp_path: Path,
    ours: Files,
    theirs: Files,
    *,
    fits: bool,
) -> None:
    """Only what a merge would do, too; and what it makes then is a merge's tree."""
    checkout = await changed(client, repository, tmp_path / "1", ours)
    base = repository.commit(theirs, "Theirs")
    mirror, head = _mirror(checkout), await checkout.head()
    await mirror.branch(repository.file_remote(), "main")
    found = await grafts(mirror, base, [(head, (TRAILER, "p.1/3"))])
    assert bool(found) == fits
    if fits:
        (made,) = await graft_all(mirror, base, found)
        plain = Repository(mirror.path)
        merged = plain.git("merge-tree", "--write-tree", base, head)
        assert plain.git("rev-parse", f"{made}^{{tree}}", f"{made}^") == f"{merged}\n{base}"
        same = "--format=%an %ae %aI %cn %ce %cI%n%B"
        assert plain.git("show", "-s", same, made) == plain.git("show", "-s", same, head)
        plain.git("fsck", "--strict", made)
        assert plain.git("for-each-ref", "refs/ferryman-scratch") == ""


async def test_what_is_there_already_is_not_grafted(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Neither the commit itself, nor one that carries its trailer."""
    one = await changed(client, repository, tmp_path / "1", {"a/two": "x"})
    two = await changed(client, repository, tmp_path / "2", {"b/one": "y"})
    await push(two, repository.file_remote(), step="p.2/3")
    head = await one.head()
    await push(one, repository.file_remote(), step="p.1/3")
    base = repository.head()
    assert await _found(one, base) == await _found(two, base) == 0
    assert await grafts(_mirror(one), base, [(head, (TRAILER, "p.1/3"))]) == []


async def test_another_history(client: GitClient, repository: Repository, tmp_path: Path) -> None:
    """A commit whose parent is not below the base has to be looked at more closely."""
    repository.commit(FILES, "Other", branch="other")
    checkout = await changed(client, repository, tmp_path / "1", {"a/two": "x"})
    other = await _mirror(checkout).branch(repository.file_remote(), "other")
    assert other
    assert await _found(checkout, other) == 0


async def test_odd_names(client: GitClient, repository: Repository, tmp_path: Path) -> None:
    """Names that git quotes are grafted as they are."""
    files = {'a/quo"te\\n': "1\n", "a/umläut \t": "2\n", "a/new\nline": "3\n"}
    checkouts = [
        await changed(client, repository, tmp_path / str(number), {path: content})
        for number, (path, content) in enumerate(files.items())
    ]
    await asyncio.gather(*pushing(checkouts, repository))
    listed = repository.git("ls-tree", "-r", "-z", "--name-only", "main", "a/").split("\0")
    assert {name for name in listed if name} == {*files, "a/one", "a/two"}


async def test_the_same_change_twice(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Two promotions that do the same share one commit; the second adds nothing."""
    checkouts = [
        await changed(client, repository, tmp_path / str(number), {"a/two": "x"})
        for number in range(2)
    ]
    pushed = await asyncio.gather(*pushing(checkouts, repository))
    assert pushed[0].commit == pushed[1].commit == repository.head()
    assert [one.already for one in pushed] == [False, True]
    assert repository.subjects() == ["0", "First"]


async def test_a_branch_that_is_new(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A group may make its target branch."""
    checkouts = [
        await changed(client, repository, tmp_path / str(number), {f"a/{number}": "x"})
        for number in range(3)
    ]
    await asyncio.gather(*pushing(checkouts, repository, "env/prod"))
    assert repository.subjects("env/prod") == ["2", "1", "0", "First"]
    assert repository.subjects() == ["First"]


async def test_signed_commits_go_along(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """One that is signed is signed again where it is put on top of another."""
    repository.commit({"apps/a/values.yaml": "image: x:1\n"})
    key = ssh_key()
    signed = await committed(client, repository, tmp_path / "s", key=key.private, step="p.9/3")
    plain = await changed(client, repository, tmp_path / "1", {"a/two": "x"})
    tasks: list[asyncio.Task[Pushed]] = pushing([plain], repository)
    pushed = await signed.push(
        repository.file_remote(), branch="main", force=False, trailer=(TRAILER, "p.9/3"),
        max_attempts=3, before=nothing, signing_key=key.private,
    )  # fmt: skip
    await asyncio.gather(*tasks)
    assert key.verifies(repository, pushed.commit)
    assert repository.subjects()[:2] == ["Promote", "1"]
