"""A checkout outlives the process that made it, if nobody breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import NotFoundError
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository, make_repository

FILE = "apps/a/values.yaml"


@pytest.fixture
async def checkout(client: GitClient, repository: Repository, tmp_path: Path) -> Checkout:
    """A checkout with an edit."""
    made = await client.clone(repository.file_remote(), tmp_path / "work", branch="main", hold="1")
    await edit(made, FILE, "x:1", "x:2")
    return made


async def test_another_process_goes_on(
    checkout: Checkout, repository: Repository, tmp_path: Path
) -> None:
    """What was edited in one process is committed, found unchanged, and pushed by the next."""
    print_before = await checkout.fingerprint()
    opened = await GitClient(tmp_path / "data", OPTIONS).open(
        repository.file_remote(), tmp_path / "work"
    )
    assert opened.branch == "main"
    assert await opened.fingerprint() == print_before
    await commit(opened)
    pushed = await push(opened, repository.file_remote())
    assert repository.show(FILE) == "app: a\nimage: x:2\nend: 1"
    assert pushed.commit == repository.head()


async def test_a_commit_that_was_made_but_not_recorded_is_made_again(
    checkout: Checkout, client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Killed between the commit and its record, the step runs again and makes the same commit."""
    (record,) = (tmp_path / "data/checkouts").glob("*.json")
    before = record.read_bytes()
    made = await commit(checkout)
    record.write_bytes(before)
    opened = await client.open(repository.file_remote(), tmp_path / "work")
    assert await opened.head() == repository.head()
    assert await commit(opened) == made
    assert await commit(opened) is None


@pytest.mark.parametrize("harm", ["no root", "no record", "bad record", "no mirror"])
async def test_a_damaged_checkout_is_not_found(
    checkout: Checkout, client: GitClient, repository: Repository, tmp_path: Path, harm: str
) -> None:
    """Without its files, its record or its mirror, a checkout has to be cloned again."""
    (record,) = (tmp_path / "data/checkouts").glob("*.json")
    (mirror,) = (tmp_path / "data/mirrors").glob("*.git")
    await commit(checkout)
    if harm == "no root":
        checkout.root.rename(tmp_path / "elsewhere")
    elif harm == "no record":
        record.unlink()
    elif harm == "bad record":
        record.write_text('{"root": ')
    else:
        mirror.rename(tmp_path / "elsewhere")
    with pytest.raises(NotFoundError):
        await client.open(repository.file_remote(), tmp_path / "work")


async def test_a_checkout_of_another_repository_is_not_found(
    checkout: Checkout, client: GitClient, tmp_path: Path
) -> None:
    """Opening asks for the repository too: another one's tree is not taken for it."""
    other = make_repository(tmp_path / "other.git")
    with pytest.raises(NotFoundError, match="no checkout of this repository"):
        await client.open(other.file_remote(), checkout.root)


async def test_releasing_leaves_nothing(
    checkout: Checkout, client: GitClient, tmp_path: Path
) -> None:
    """Files, record and private ref are gone; releasing again is no error."""
    await commit(checkout)
    await client.release(checkout.root)
    await client.release(checkout.root)
    (mirror,) = (tmp_path / "data/mirrors").glob("*.git")
    assert not checkout.root.exists()
    assert list((tmp_path / "data/checkouts").iterdir()) == []
    assert Repository(mirror).git("for-each-ref", "refs/ferryman") == ""


async def test_cloning_again_replaces_it(
    checkout: Checkout, client: GitClient, repository: Repository
) -> None:
    """A git-clone that is run again starts over, at the same place."""
    (checkout.root / "junk").touch()
    again = await client.clone(repository.file_remote(), checkout.root, hold="1")
    assert list(again.root.iterdir()) == []


async def test_commits_of_a_checkout_are_held(checkout: Checkout, tmp_path: Path) -> None:
    """Garbage collection keeps what is not pushed yet."""
    made = await commit(checkout)
    (mirror,) = (tmp_path / "data/mirrors").glob("*.git")
    Repository(mirror).git("gc", "--quiet", "--prune=now")
    assert Repository(mirror).git("cat-file", "-t", f"{made}") == "commit"
    await checkout.materialise("apps/b/values.yaml")
    assert (checkout.root / "apps/b/values.yaml").exists()
