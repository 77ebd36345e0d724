"""Over HTTP with a password: the whole way, and what goes wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.domain.errors import CredentialError, NotFoundError, TemporaryError
from ferryman.domain.ports import Credential, GitRemote
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository, RunningGit

pytestmark = pytest.mark.servers


async def test_a_change_arrives(
    client: GitClient, served: RunningGit, repository: Repository, tmp_path: Path
) -> None:
    """Clone, edit, commit and push put one commit on the remote, with nothing else changed."""
    remote = served.remote("shop")
    checkout = await client.clone(remote, tmp_path / "work", hold="p.1/src")
    await edit(checkout, "apps/b/values.yaml", "x:1", "x:2")
    made = await commit(checkout, "Promote b")
    pushed = await push(checkout, remote)

    assert pushed.commit == made == repository.head() == await checkout.head()
    assert not pushed.already
    assert checkout.branch == "main"
    assert repository.git("diff", "--stat", "main~1", "main").startswith(
        "apps/b/values.yaml | 2 +-"
    )
    body = repository.git("log", "-1", "--format=%an|%ae|%cn|%aI|%B", "main")
    assert body == (
        "Ann|ann@example.com|Ferryman|2026-05-04T12:00:00+00:00|"
        "Promote b\n\nFerryman-Promotion: p.1/3"
    )


async def test_a_large_commit_arrives(
    client: GitClient, served: RunningGit, repository: Repository, tmp_path: Path
) -> None:
    """A push of more than git sends in one piece arrives too."""
    remote = served.remote("shop")
    checkout = await client.clone(remote, tmp_path / "work", hold="p.1/src")
    data = random.Random(1).randbytes(3_000_000)  # noqa: S311 — nothing secret: it must not shrink
    (checkout.root / "large.bin").write_bytes(data)
    await commit(checkout)
    await push(checkout, remote)
    assert repository.git("cat-file", "-s", "main:large.bin") == "3000000"


async def test_a_missing_credential_is_a_wait_that_names_the_repository(
    client: GitClient, served: RunningGit, tmp_path: Path
) -> None:
    """Without a credential the error says for which repository a Secret is to be applied."""
    remote = served.remote("shop", None)
    with pytest.raises(CredentialError, match="asks for a credential and none is known") as caught:
        await client.clone(remote, tmp_path / "work", branch="main", hold="p.1/src")
    assert caught.value.url == remote.url


async def test_a_refused_credential_is_a_wait_that_names_the_user(
    client: GitClient, served: RunningGit, tmp_path: Path
) -> None:
    """A wrong password is told apart, and not shown."""
    remote = served.remote("shop", Credential("ann", "wrong-one"))
    with pytest.raises(CredentialError, match="refused the credential of user 'ann'") as caught:
        await client.clone(remote, tmp_path / "work", hold="p.1/src")
    assert "wrong-one" not in str(caught.value)


async def test_a_missing_repository_is_not_found(
    client: GitClient, served: RunningGit, tmp_path: Path
) -> None:
    """A repository that the server does not know is named."""
    with pytest.raises(NotFoundError, match=r"shoop\.git does not exist"):
        await client.clone(served.remote("shoop"), tmp_path / "work", hold="p.1/src")


async def test_a_server_that_is_down_is_temporary(client: GitClient, tmp_path: Path) -> None:
    """A server that does not answer may answer later."""
    remote = GitRemote("http://127.0.0.1:1/shop.git")
    with pytest.raises(TemporaryError, match="Failed to connect") as caught:
        await client.clone(remote, tmp_path / "work", hold="p.1/src")
    assert not isinstance(caught.value, CredentialError)


async def test_the_head_of_a_branch_can_be_asked_for(
    client: GitClient, served: RunningGit, repository: Repository
) -> None:
    """The commit of a branch is answered without a clone; None where there is no such branch."""
    remote = served.remote("shop")
    assert await client.remote_head(remote, "main") == repository.head()
    assert await client.remote_head(remote, "other") is None


async def test_an_unchanged_branch_is_not_fetched_again(
    client: GitClient, served: RunningGit, tmp_path: Path
) -> None:
    """The second clone asks for refs, and for no objects; nor after a push of our own."""
    remote = served.remote("shop")
    for number in range(3):
        checkout = await client.clone(remote, tmp_path / "work", hold=f"p.{number}")
        await edit(checkout, "apps/a/values.yaml", f"x:{number + 1}", f"x:{number + 2}")
        await commit(checkout, step=f"p.{number}")
        await push(checkout, remote, step=f"p.{number}")
    # Version 2 of the protocol asks for refs by a POST: three clones, and one fetch of a pack.
    assert served.server.requests["git-upload-pack"] == 3 + 2
    assert served.server.requests["git-receive-pack"] == 3
