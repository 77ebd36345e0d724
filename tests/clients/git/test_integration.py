"""How a push takes in what others pushed first, by policy, and what becomes of signatures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.options import Policy
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import GitAuthor, Pushed
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import DATE, TRAILER, edit, nothing
from tests.clients.git.keys import ssh_key
from tests.servers.git import Repository

A = "apps/a/values.yaml"


@contextmanager
def client_with(policy: Policy, folder: Path) -> Iterator[GitClient]:
    """A client of that policy."""
    client = GitClient(folder / "data", replace(OPTIONS, integration=policy))
    yield client
    client.close()


async def committed(
    client: GitClient, repository: Repository, root: Path, *, key: str = "", step: str = "p.1/3"
) -> Checkout:
    """A checkout of main with a commit on it, signed where there is a key."""
    checkout = await client.clone(repository.file_remote(), root, hold=str(root))
    await edit(checkout, A, "x:1", "x:2")
    who = GitAuthor("Ann", "ann@example.com", key)
    await checkout.commit("Promote", author=who, committer=who, date=DATE, trailers={TRAILER: step})
    return checkout


async def push(checkout: Checkout, repository: Repository, key: str = "") -> Pushed:
    """Push to main as step p.1/3."""
    return await checkout.push(
        repository.file_remote(), branch="main", force=False, trailer=(TRAILER, "p.1/3"),
        max_attempts=3, before=nothing, signing_key=key,
    )  # fmt: skip


async def test_always_merge(repository: Repository, tmp_path: Path) -> None:
    """A merge has both sides, their files, and the trailer; a second push finds it."""
    with client_with("AlwaysMerge", tmp_path) as client:
        checkout = await committed(client, repository, tmp_path / "work")
        ours = await checkout.head()
        lost = await client.clone(repository.file_remote(), tmp_path / "l", hold="l")
        await lost.reset(ours)
        theirs = repository.commit({"new": "theirs"}, "Theirs")
        pushed = await push(checkout, repository)
        assert repository.git("log", "-1", "--format=%H %P", "main").split() == [
            pushed.commit,
            ours,
            theirs,
        ]
        assert repository.git("log", "-1", "--format=%B", "main") == (
            "Merge what reached the branch meanwhile\n\nFerryman-Promotion: p.1/3"
        )
        assert repository.show("new") == "theirs"
        assert "x:2" in repository.show(A)
        again = await push(lost, repository)
        assert (again.commit, again.already) == (pushed.commit, True)


async def test_a_merge_is_signed(repository: Repository, tmp_path: Path) -> None:
    """Where our commits are signed, our merges are too; theirs keep their ids."""
    key = ssh_key()
    with client_with("AlwaysMerge", tmp_path) as client:
        checkout = await committed(client, repository, tmp_path / "work", key=key.private)
        ours = await checkout.head()
        repository.commit({"new": "theirs"}, "Theirs")
        pushed = await push(checkout, repository, key.private)
    assert key.verifies(repository, pushed.commit)
    assert key.verifies(repository, ours)


async def test_a_merge_that_is_none(repository: Repository, tmp_path: Path) -> None:
    """Where nobody was faster nothing is merged; without a change of ours theirs is taken."""
    with client_with("AlwaysMerge", tmp_path) as client:
        checkout = await committed(client, repository, tmp_path / "work", step="p.0/3")
        assert (await push(checkout, repository)).commit == await checkout.head()
        bare = await client.clone(repository.file_remote(), tmp_path / "bare", hold="2")
        theirs = repository.commit({"new": "theirs"}, "Theirs")
        assert (await push(bare, repository)).commit == theirs
    assert repository.subjects() == ["Theirs", "Promote", "First"]


@pytest.mark.parametrize("policy", ["AlwaysMerge", "AlwaysRebase", "RebaseOrMerge", "RebaseOrFail"])
async def test_a_conflict(repository: Repository, tmp_path: Path, policy: Policy) -> None:
    """Under each policy a conflict names its files, and the remote stays."""
    with client_with(policy, tmp_path) as client:
        checkout = await committed(client, repository, tmp_path / "work")
        theirs = repository.commit({A: "image: x:9\n"})
        with pytest.raises(PermanentError, match=f"conflicts .* in {A}; promote again"):
            await push(checkout, repository)
    assert repository.head() == theirs


async def _with_foreign_signature(
    client: GitClient, repository: Repository, root: Path
) -> Checkout:
    """A checkout with a commit that another promotion has signed, while main moved on."""
    checkout = await committed(client, repository, root, key=ssh_key().private, step="another/3")
    repository.commit({"new": "theirs"}, "Theirs")
    return checkout


async def test_a_foreign_signature_is_not_dropped_silently(
    repository: Repository, tmp_path: Path
) -> None:
    """AlwaysRebase rebases it without its signature, and says so."""
    with client_with("AlwaysRebase", tmp_path) as client:
        checkout = await _with_foreign_signature(client, repository, tmp_path / "work")
        signed = await checkout.head()
        pushed = await push(checkout, repository)
    assert pushed.notes == (
        f"rebased without the signature of {signed[:7]}, which others had signed",
    )
    assert not ssh_key().verifies(repository, pushed.commit)


async def test_rebase_or_merge(repository: Repository, tmp_path: Path) -> None:
    """It merges where a foreign signature would be lost, and rebases else."""
    with client_with("RebaseOrMerge", tmp_path) as client:
        checkout = await _with_foreign_signature(client, repository, tmp_path / "work")
        signed = await checkout.head()
        await push(checkout, repository)
        assert repository.git("log", "-1", "--format=%P", "main").startswith(signed)
        assert ssh_key().verifies(repository, signed)
        repository.commit({A: "app: a\nimage: x:1\nend: 1\n"}, "Back")
        other = await committed(client, repository, tmp_path / "other")
        repository.commit({"new": "more"}, "More")
        await push(other, repository)
    assert repository.subjects()[:2] == ["Promote", "More"]


async def test_rebase_or_fail(repository: Repository, tmp_path: Path) -> None:
    """It refuses where a foreign signature would be lost, and names the commit."""
    with client_with("RebaseOrFail", tmp_path) as client:
        checkout = await _with_foreign_signature(client, repository, tmp_path / "work")
        commit = (await checkout.head())[:7]
        with pytest.raises(PermanentError, match=f"signature of {commit}.*choose RebaseOrMerge"):
            await push(checkout, repository)


async def test_strangers_are_not_merged(repository: Repository, tmp_path: Path) -> None:
    """A target that shares nothing with the checkout is refused."""
    repository.commit({"other": "1"}, branch="other")
    with client_with("AlwaysMerge", tmp_path) as client:
        checkout = await committed(client, repository, tmp_path / "work")
        with pytest.raises(PermanentError, match="does not share its history"):
            await checkout.push(
                repository.file_remote(), branch="other", force=False,
                trailer=(TRAILER, "p.1/3"), max_attempts=3, before=nothing,
            )  # fmt: skip
