"""Pushing: on top of what others pushed, once, and past the fence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import FencedError, PermanentError, TemporaryError
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository

A = "apps/a/values.yaml"


async def _changed(
    client: GitClient, repository: Repository, root: Path, path: str = A, *, step: str = "p.1/3"
) -> Checkout:
    """A checkout with one commit that waits to be pushed."""
    checkout = await client.clone(repository.file_remote(), root, hold=step)
    await edit(checkout, path, "x:1", "x:2")
    await commit(checkout, f"Change {path}", step=step)
    return checkout


async def test_it_goes_on_top_of_what_others_pushed(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """The commit is rebased, with its author and dates, and the checkout follows to it."""
    checkout = await _changed(client, repository, tmp_path / "work")
    await checkout.materialise("apps/b")
    repository.commit({"apps/b/values.yaml": "theirs", A: "above\napp: a\nimage: x:1\nend: 1\n"})
    repository.commit({"new": "theirs"})
    pushed = await push(checkout, repository.file_remote())

    assert pushed.commit == repository.head() == await checkout.head()
    assert repository.subjects() == [f"Change {A}", "Change", "Change", "First"]
    assert repository.show(A) == "above\napp: a\nimage: x:2\nend: 1"
    assert repository.git("log", "-1", "--format=%an %aI %cI", "main") == (
        "Ann 2026-05-04T12:00:00+00:00 2026-05-04T12:00:00+00:00"
    )
    assert (checkout.root / A).read_text().startswith("above\n")
    assert (checkout.root / "apps/b/values.yaml").read_text() == "theirs"
    assert await commit(checkout) is None


async def test_several_commits_keep_their_order(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """All commits of a checkout are rebased, one on the other."""
    checkout = await _changed(client, repository, tmp_path / "work")
    await edit(checkout, A, "x:2", "x:3")
    await commit(checkout, "Second")
    repository.commit({"new": "theirs"}, "Theirs")
    await push(checkout, repository.file_remote())
    assert repository.subjects() == ["Second", f"Change {A}", "Theirs", "First"]


async def test_wrong_clocks_do_not_matter(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Where commits are older than those that they stand on, the right ones are rebased."""
    ours = await _changed(client, repository, tmp_path / "work")
    theirs = await client.clone(repository.file_remote(), tmp_path / "theirs", hold="p.2")
    for number in range(8):
        await edit(theirs, "apps/b/values.yaml", "app:", f"{number}\napp:")
        await commit(theirs, f"{number}", step="p.2/3")
    await push(theirs, repository.file_remote(), step="p.2/3")
    await push(ours, repository.file_remote())
    assert repository.subjects() == [f"Change {A}", *"76543210", "First"]


async def test_a_conflict_names_its_files(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Where others changed the same lines, the push fails for good and the remote stays."""
    checkout = await _changed(client, repository, tmp_path / "work")
    theirs = repository.commit({A: "image: x:9\n"})
    with pytest.raises(PermanentError, match=f"conflicts .* in {A}; promote again"):
        await push(checkout, repository.file_remote())
    assert repository.head() == theirs


async def test_what_others_did_already_is_left_out(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A commit that changes nothing any more is dropped, as git-rebase drops it."""
    checkout = await _changed(client, repository, tmp_path / "work")
    theirs = repository.commit({A: "app: a\nimage: x:2\nend: 1\n"})
    pushed = await push(checkout, repository.file_remote())
    assert (pushed.commit, pushed.already) == (theirs, True)
    assert repository.head() == theirs


async def test_two_at_once_both_land(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Concurrent pushes to one branch end as one commit each, in some order."""
    remote = repository.file_remote()
    paths = [f"apps/{app}/values.yaml" for app in "abc"]
    checkouts = [
        await _changed(client, repository, tmp_path / str(number), path, step=f"p.{number}/3")
        for number, path in enumerate(paths)
    ]
    pushes = [
        push(checkout, remote, step=f"p.{number}/3") for number, checkout in enumerate(checkouts)
    ]
    pushed = await asyncio.gather(*pushes)
    assert sorted(repository.subjects()) == ["Change " + path for path in paths] + ["First"]
    listed = repository.git("rev-list", "main").splitlines()
    assert {done.commit for done in pushed} == set(listed[:3])


async def test_an_earlier_push_is_found_where_it_arrived(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A push whose answer was lost is not repeated, though nothing came after it."""
    checkout = await _changed(client, repository, tmp_path / "work")
    first = await push(checkout, repository.file_remote())
    second = await push(checkout, repository.file_remote())
    assert (second.commit, second.already) == (first.commit, True)
    assert len(repository.subjects()) == 2


async def test_an_earlier_push_is_found_below_others(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """It is found by its trailer too where it was rebased and others pushed on top."""
    remote = repository.file_remote()
    checkout = await _changed(client, repository, tmp_path / "work")
    lost = await client.clone(
        remote, tmp_path / "lost", commit=await checkout.head(), hold="p.1/lost"
    )
    repository.commit({"new": "theirs"})
    first = await push(checkout, remote)
    repository.commit({A: "app: a\nimage: x:3\nend: 1\n"}, "On top")
    repository.commit({"b": "Not ours"}, "Other\n\nFerryman-Promotion: p.1/33")
    second = await push(lost, remote)
    assert (second.commit, second.already) == (first.commit, True)
    assert await lost.head() == first.commit
    assert len(repository.subjects()) == 5


async def test_the_fence_is_asked_before_each_push(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """It is asked again after a rebase; where it refuses, nothing is pushed."""
    checkout = await _changed(client, repository, tmp_path / "work")
    heads: list[str] = []

    async def fence() -> None:
        heads.append(repository.head())
        if len(heads) == 2:
            raise FencedError("another attempt owns this step")

    theirs = repository.commit({"new": "theirs"})
    with pytest.raises(FencedError):
        await push(checkout, repository.file_remote(), before=fence)
    assert heads == [theirs, theirs]
    assert repository.head() == theirs


async def test_a_branch_that_never_rests_is_temporary(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """After so many attempts the push gives up, to be tried again later."""
    checkout = await _changed(client, repository, tmp_path / "work")

    async def somebody_is_faster() -> None:
        repository.commit({"new": f"{repository.head()}"})

    with pytest.raises(TemporaryError, match=r"'main' .* moved on during each of 3 attempts"):
        await push(checkout, repository.file_remote(), max_attempts=3, before=somebody_is_faster)
    assert len(repository.subjects()) == 5


async def test_another_branch_is_made(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """The target may be a branch that does not exist yet."""
    checkout = await _changed(client, repository, tmp_path / "work")
    pushed = await push(checkout, repository.file_remote(), "env/prod")
    assert repository.head("env/prod") == pushed.commit
    assert repository.subjects("main") == ["First"]


async def test_force_replaces_what_is_there(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A generated branch is replaced as a whole, and a second time it is found to be there."""
    repository.commit({"old": "1"}, "Old", branch="ferryman/p.1")
    checkout = await _changed(client, repository, tmp_path / "work")
    pushed = await push(checkout, repository.file_remote(), "ferryman/p.1", force=True)
    assert not pushed.already
    assert repository.subjects("ferryman/p.1") == [f"Change {A}", "First"]
    again = await push(checkout, repository.file_remote(), "ferryman/p.1", force=True)
    assert again.already


async def test_nothing_to_push_ends_at_the_remote_head(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Without a commit of its own, a checkout moves on to where the branch is."""
    checkout = await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1")
    theirs = repository.commit({"new": "theirs"})
    pushed = await push(checkout, repository.file_remote())
    assert (pushed.commit, pushed.already) == (theirs, True)
    assert await checkout.head() == theirs


async def test_a_refusal_tells_what_the_server_said(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A hook's or a protected branch's refusal is permanent, in the server's own words."""
    repository.hook("pre-receive", "echo 'main is protected, ask Bob' >&2; exit 1")
    checkout = await _changed(client, repository, tmp_path / "work")
    with pytest.raises(
        PermanentError, match=r"hook declined.*: main is protected, ask Bob; a hook"
    ):
        await push(checkout, repository.file_remote())


async def test_a_strange_history_is_not_rebased(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A target that shares nothing with the checkout is refused, rather than rewritten."""
    for number in range(3):
        repository.commit({"n": str(number)})
    repository.commit({"other": "1"}, branch="other")
    client = GitClient(tmp_path / "other", replace(OPTIONS, longest_rebase=3))
    checkout = await _changed(client, repository, tmp_path / "work")
    with pytest.raises(PermanentError, match="more than 3 commits"):
        await push(checkout, repository.file_remote(), "other")
