"""Signed commits and tags, judged by git itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import GitAuthor, GitObject
from tests.clients.git.deeds import ANN, DATE, TRAILER, edit, nothing
from tests.clients.git.keys import SigningKey, gpg_key, ssh_key
from tests.servers.git import Repository

pytestmark = pytest.mark.slow

A = "apps/a/values.yaml"
KEYS = [pytest.param(gpg_key, id="gpg"), pytest.param(ssh_key, id="ssh")]
Make = Callable[[], SigningKey]


async def signed(checkout: Checkout, key: str, signature: str = "") -> GitObject:
    """Commit everything, as Ann with her key."""
    made = await checkout.commit(
        "Promote",
        author=ANN,
        committer=replace(ANN, signing_key=key),
        date=DATE,
        trailers={TRAILER: "p.1/3"},
        signature=signature,
    )
    assert made
    return made


async def changed(client: GitClient, repository: Repository, root: Path) -> Checkout:
    """A checkout with a change that is not committed."""
    checkout = await client.clone(repository.file_remote(), root, hold=str(root))
    await edit(checkout, A, "x:1", "x:2")
    return checkout


async def push(checkout: Checkout, repository: Repository, key: str) -> str:
    """Push to main; return the commit there."""
    pushed = await checkout.push(
        repository.file_remote(), branch="main", force=False, trailer=(TRAILER, "p.1/3"),
        max_attempts=3, before=nothing, signing_key=key,
    )  # fmt: skip
    return pushed.commit


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("make", KEYS)
async def test_git_verifies_a_commit_and_a_tag(
    client: GitClient, repository: Repository, tmp_path: Path, make: Make
) -> None:
    """Both are signed as git itself would sign them; no other key is taken for this one."""
    key = make()
    checkout = await changed(client, repository, tmp_path / "work")
    await signed(checkout, key.private)
    ann = replace(ANN, signing_key=key.private)
    await checkout.tag("v1", "Release", tagger=ann, date=DATE, trailers={})
    commit = await push(checkout, repository, key.private)
    await checkout.push_tag(
        repository.file_remote(), "v1", force=False, max_attempts=1, before=nothing
    )
    assert key.verifies(repository, commit)
    assert key.verifies(repository, "v1", verb="verify-tag")
    assert repository.git("log", "-1", "--format=%B", "main") == (
        "Promote\n\nFerryman-Promotion: p.1/3"
    )
    repository.git("fsck", "--strict")


@pytest.mark.parametrize("make", KEYS)
async def test_the_same_commit_comes_out_of_its_signature(
    client: GitClient, repository: Repository, tmp_path: Path, make: Make
) -> None:
    """With the first signature the same commit and tag are made again, without the key."""
    first = await changed(client, repository, tmp_path / "first")
    commit = await signed(first, make().private)
    ann = replace(ANN, signing_key=make().private)
    tag = await first.tag("v1", "Release", tagger=ann, date=DATE, trailers={})
    again = await changed(client, repository, tmp_path / "again")
    assert await signed(again, "", commit.signature) == commit
    made = await again.tag(
        "v1", "Release", tagger=ANN, date=DATE, trailers={}, signature=tag.signature
    )
    assert made == tag
    assert await again.fingerprint() == await first.fingerprint()


@pytest.mark.parametrize("make", KEYS)
async def test_a_rebased_commit_is_signed_again(
    client: GitClient, repository: Repository, tmp_path: Path, make: Make
) -> None:
    """On top of what others pushed, our commit is signed anew."""
    key = make()
    checkout = await changed(client, repository, tmp_path / "work")
    made = await signed(checkout, key.private)
    repository.commit({"new": "theirs"}, "Theirs")
    commit = await push(checkout, repository, key.private)
    assert commit != made.id
    assert repository.subjects() == ["Promote", "Theirs", "First"]
    assert key.verifies(repository, commit)


async def test_a_lost_key_is_not_passed_over(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Without the key, a signed commit of ours is not rebased into an unsigned one."""
    checkout = await changed(client, repository, tmp_path / "work")
    await signed(checkout, ssh_key().private)
    repository.commit({"new": "theirs"}, "Theirs")
    with pytest.raises(PermanentError, match=r"was signed, and the key is gone"):
        await push(checkout, repository, "")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (lambda: gpg_key("sesame").private, "gpg could not sign .* has a passphrase"),
        (lambda: ssh_key("sesame").private, "ssh-keygen could not sign .* has a passphrase"),
        (lambda: "hunter2", "neither an armoured GPG private key nor an SSH key"),
        (lambda: "-----BEGIN PGP PRIVATE KEY BLOCK-----\nhunter2", "gpg could not read"),
        (lambda: "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2", "ssh-keygen could not sign"),
    ],
)
async def test_keys_that_do_not_sign(
    client: GitClient,
    repository: Repository,
    tmp_path: Path,
    key: Callable[[], str],
    sentence: str,
) -> None:
    """What is wrong with a key is said, and the key is not shown."""
    checkout = await changed(client, repository, tmp_path / "work")
    with pytest.raises(PermanentError, match=sentence) as caught:
        await signed(checkout, key())
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("make", KEYS)
async def test_a_worker_without_the_program(
    client: GitClient,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
) -> None:
    """Where gpg or ssh-keygen is missing, the error names it and what to install."""
    key = make().private
    program = "gpg" if "PGP" in key else "ssh-keygen"
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(git)
    checkout = await changed(client, repository, tmp_path / "work")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(PermanentError, match=f"where {program} is not installed; install it"):
        await signed(checkout, key)


@pytest.mark.parametrize("make", KEYS)
async def test_no_key_stays_on_disk(
    client: GitClient,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
) -> None:
    """Neither the data folder nor the folder of temporary files has a key afterwards."""
    key = make().private
    checkout = await changed(client, repository, tmp_path / "work")
    with TemporaryDirectory(prefix="t-") as temporary:  # a short path: gpg's sockets are in it
        monkeypatch.setattr("tempfile.tempdir", temporary)
        await signed(checkout, key)
        assert files_below(Path(temporary)) == []
    kept = files_below(tmp_path / "data")
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in kept)
    assert list((tmp_path / "data/git").glob("key-*")) == []


def test_a_key_is_not_shown() -> None:
    """An author's key does not show where the author is printed."""
    assert "hunter2" not in repr(GitAuthor("Ann", "ann@example.com", "hunter2"))
