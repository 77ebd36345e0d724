"""Each kind of damage to a mirror, by real git on a served repository: found, and made good.

Whatever happens to a mirror, all that a promotion sees of it is a `DamagedError`: temporary, and
gone with the next attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.failures import DamagedError
from ferryman.domain.errors import NotFoundError
from ferryman.domain.ports import GitRemote
from tests.clients.git.damages import MIRROR, mirrors, worn
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository, make_repository, running_git

pytestmark = pytest.mark.slow

A = "apps/a/values.yaml"
_MANY = 12
_TURNS = 3
"""Attempts within which a promotion has to get over it: one finds it, one has a new mirror."""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with so many files that git fetches a pack."""
    files = {f"apps/{app}/values.yaml": f"app: {app}\nimage: x:1\nend: 1\n" for app in "abc"}
    return make_repository(
        tmp_path / "remotes/shop.git", files | {f"other/{n}": f"{n}" for n in range(100)}
    )


@pytest.fixture
async def remote(repository: Repository) -> AsyncIterator[GitRemote]:
    """The repository, served."""
    async with running_git(repository.path.parent) as served:
        yield served.remote("shop")


async def _opened(client: GitClient, remote: GitRemote, root: Path) -> Checkout:
    """Go on with a checkout, or begin anew where that is gone, as the engine does."""
    try:
        return await client.open(remote, root)
    except NotFoundError:
        return await client.clone(remote, root, branch="main", hold=root.name)


async def _promote(
    client: GitClient, remote: GitRemote, root: Path, change: tuple[str, str, str], name: str
) -> None:
    """Edit, commit and push, again where the mirror is damaged."""
    path, old, new = change
    for turn in range(1, _TURNS + 1):
        try:
            checkout = await _opened(client, remote, root)
            await checkout.materialise(path)
            if new not in (root / path).read_text():
                await edit(checkout, path, old, new)
            await commit(checkout, name, step=f"{name}/3")
            await push(checkout, remote, step=f"{name}/3")
            break
        except DamagedError:
            if turn == _TURNS:
                raise
    await client.release(root)


@pytest.mark.parametrize("hurt", MIRROR.values(), ids=MIRROR)
async def test_between_promotions(
    client: GitClient,
    remote: GitRemote,
    repository: Repository,
    tmp_path: Path,
    hurt: Callable[[Path], object],
) -> None:
    """The next promotions find it, and nothing of the damaged mirror is left."""
    mirror = await worn(client, remote, repository, tmp_path)
    hurt(mirror)
    await _promote(client, remote, tmp_path / "1", (A, "x:1", "x:2"), "p.1")
    await _promote(client, remote, tmp_path / "2", ("other/7", "7", "8"), "p.2")
    _all_is_well(repository, mirror, hurt)


@pytest.mark.parametrize("hurt", MIRROR.values(), ids=MIRROR)
async def test_in_the_middle_of_one(
    client: GitClient,
    remote: GitRemote,
    repository: Repository,
    tmp_path: Path,
    hurt: Callable[[Path], object],
) -> None:
    """Between an edit and its commit: the promotion goes on, at once or in the next attempt."""
    mirror = await worn(client, remote, repository, tmp_path)
    checkout = await client.clone(remote, tmp_path / "1", branch="main", hold="1")
    await edit(checkout, A, "x:1", "x:2")
    hurt(mirror)
    with suppress(DamagedError):
        await commit(checkout, "p.1", step="p.1/3")
    await _promote(client, remote, tmp_path / "1", (A, "x:1", "x:2"), "p.1")
    await _promote(client, remote, tmp_path / "2", ("other/7", "7", "8"), "p.2")
    _all_is_well(repository, mirror, hurt)


def _all_is_well(repository: Repository, old: Path, hurt: Callable[[Path], object]) -> None:
    """Both are pushed once, with nothing else changed; and a mirror that is used is whole."""
    assert repository.subjects() == ["p.2", "p.1", "Change", "First"]
    changed = repository.git("diff", "--name-only", "main~2", "main").split()
    assert changed == [A, "other/7"]
    repository.git("fsck", "--strict")
    (mirror,) = mirrors(old)
    if mirror != old or hurt not in (MIRROR[name] for name in _UNNOTICED):
        Repository(mirror).git("fsck", "--strict")
        assert not (mirror / "objects/info/alternates").exists()
    assert {path.name for path in old.parent.iterdir()} <= {mirror.name, ".making"}


_UNNOTICED = (
    "a missing loose blob",
    "an empty loose blob",
    "a loose blob of garbage",
    "a loose blob in the place of another",
    "a commit graph of garbage",
    "an index of many packs of garbage",
    "alternates that lead nowhere",
)
"""What git does without, and what is not read again once it was brought to disk."""


async def test_many_at_once(
    client: GitClient, remote: GitRemote, repository: Repository, tmp_path: Path
) -> None:
    """Twelve promotions outlive three damages, and each damage costs one mirror, no more."""
    first, seen, done = await worn(client, remote, repository, tmp_path), set[Path](), list[int]()

    async def promote(number: int) -> None:
        change = (f"other/{number}", f"{number}", "x")
        for _ in range(_TURNS):  # who is unlucky meets all three
            with suppress(DamagedError):
                await _promote(client, remote, tmp_path / f"{number}", change, f"p.{number}")
                break
        done.append(number)

    async def break_it(at: int) -> None:
        while len(done) < at:  # noqa: ASYNC110 - the list has no event
            await asyncio.sleep(0.01)
        for mirror in mirrors(first):
            for file in (mirror / "objects").glob("*/*"):
                file.unlink()

    async def look() -> None:
        while len(done) < _MANY:
            seen.update(mirrors(first))
            await asyncio.sleep(0.005)

    breaking = (break_it(at) for at in (1, 3, 5))
    await asyncio.gather(look(), *(promote(number) for number in range(_MANY)), *breaking)
    assert len(seen) <= 4
    assert sorted(repository.subjects()[:_MANY]) == sorted(f"p.{n}" for n in range(_MANY))
    repository.git("fsck", "--strict")
