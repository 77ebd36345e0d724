"""Tags: made in a checkout, pushed once, and never moved unasked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import ConflictError, FencedError, InvalidError
from ferryman.domain.ports import GitRemote, Pushed
from tests.clients.git.deeds import ANN, DATE, TRAILER, commit, edit, nothing
from tests.servers.git import Repository

A = "apps/a/values.yaml"


async def tag(checkout: Checkout, name: str = "v1", message: str = "Release") -> str:
    """Tag the head, as Ann; return the tag object."""
    made = await checkout.tag(name, message, tagger=ANN, date=DATE, trailers={TRAILER: "p.1/4"})
    return made.id


async def push_tag(
    checkout: Checkout,
    remote: GitRemote,
    name: str = "v1",
    *,
    force: bool = False,
    before: Callable[[], Awaitable[None]] = nothing,
) -> Pushed:
    """Push a tag."""
    return await checkout.push_tag(remote, name, force=force, max_attempts=3, before=before)


@pytest.fixture
async def checkout(client: GitClient, repository: Repository, tmp_path: Path) -> Checkout:
    """A checkout with one commit that was not pushed."""
    made = await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1")
    await edit(made, A, "x:1", "x:2")
    await commit(made)
    return made


async def test_it_arrives_with_its_commit(checkout: Checkout, repository: Repository) -> None:
    """An annotated tag and the commit that it names are pushed; branches stay."""
    before = repository.head()
    made = await tag(checkout)
    pushed = await push_tag(checkout, repository.file_remote())
    assert pushed == Pushed(await checkout.head(), "", already=False)
    assert repository.git("rev-parse", "refs/tags/v1") == made
    assert repository.git("rev-parse", "v1^{commit}") == await checkout.head()
    assert repository.git("cat-file", "tag", "v1").split("\n")[1:] == [
        "type commit",
        "tag v1",
        "tagger Ann <ann@example.com> 1777896000 +0000",
        "",
        "Release",
        "",
        "Ferryman-Promotion: p.1/4",
    ]
    assert repository.head() == before
    repository.git("fsck", "--strict")


async def test_a_lost_answer_is_no_second_tag(checkout: Checkout, repository: Repository) -> None:
    """What an earlier attempt pushed is found, made anew with another date or not."""
    await tag(checkout)
    await push_tag(checkout, repository.file_remote())
    there = repository.git("rev-parse", "refs/tags/v1")
    assert (await push_tag(checkout, repository.file_remote())).already
    await tag(checkout, message="The same again")
    assert (await push_tag(checkout, repository.file_remote())).already
    assert repository.git("rev-parse", "refs/tags/v1") == there


async def test_another_tag_is_moved_by_force_only(
    checkout: Checkout, repository: Repository
) -> None:
    """A tag at another commit is a conflict that says so; with force it is replaced."""
    repository.git("tag", "-a", "-m", "Theirs", "v1", "main")
    made = await tag(checkout)
    with pytest.raises(ConflictError, match=r"has the tag 'v1' already, at .* set force"):
        await push_tag(checkout, repository.file_remote())
    assert repository.git("rev-parse", "refs/tags/v1") != made
    pushed = await push_tag(checkout, repository.file_remote(), force=True)
    assert not pushed.already
    assert repository.git("rev-parse", "refs/tags/v1") == made


async def test_the_fence_is_asked_first(checkout: Checkout, repository: Repository) -> None:
    """Who lost its step pushes no tag."""

    async def fenced() -> None:
        raise FencedError("too late")

    await tag(checkout)
    with pytest.raises(FencedError):
        await push_tag(checkout, repository.file_remote(), before=fenced)
    assert repository.git("tag") == ""


async def test_it_is_made_here_first(checkout: Checkout, repository: Repository) -> None:
    """A tag that no step has made cannot be pushed, and what git allows as no name is refused."""
    with pytest.raises(InvalidError, match=r"no tag 'v1' was made .* git-tag step"):
        await push_tag(checkout, repository.file_remote())
    with pytest.raises(InvalidError, match="tag: '--all' is no name"):
        await tag(checkout, "--all")


async def test_who_has_a_name_already(
    client: GitClient, checkout: Checkout, repository: Repository, tmp_path: Path
) -> None:
    """A tag is looked for here, then at the remote, and not among other promotions' own."""
    remote = repository.file_remote()
    repository.git("tag", "plain", "main")
    await tag(checkout, "mine")
    other = await client.clone(remote, tmp_path / "other", hold="p.2")
    assert await checkout.tagged(remote, "mine") == await checkout.head()
    assert await checkout.tagged(remote, "plain") == repository.head()
    assert await other.tagged(remote, "mine") is None


async def test_it_outlives_the_process_and_goes_with_the_checkout(
    client: GitClient, checkout: Checkout, repository: Repository, tmp_path: Path
) -> None:
    """A tag is there when the checkout is opened again, shows in its hash, and goes with it."""
    plain = await checkout.fingerprint()
    await tag(checkout)
    remote = replace(repository.file_remote())
    again = await client.open(remote, tmp_path / "work")
    assert await again.fingerprint() == await checkout.fingerprint() != plain
    assert (await push_tag(again, remote)).commit == await checkout.head()
    await client.release(tmp_path / "work")
    mirror = next((tmp_path / "data/mirrors").glob("*.git"))
    assert "refs/ferryman" not in Repository(mirror).git("for-each-ref")
