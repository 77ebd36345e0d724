"""What servers say when they do not take a ref, in their own words and by real servers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.rejections import RefusedError, has_moved, rejection
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.domain.ports import GitRemote
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository

REMOTE = GitRemote("https://git.example.com/shop.git")
HOOK = "[remote rejected] (pre-receive hook declined)"

_MOVED = [
    ("[rejected] (fetch first)", ""),
    ("[rejected] (non-fast-forward)", ""),
    ("[rejected] (stale info)", ""),
    ("[rejected] (already exists)", ""),
    ("[remote rejected] (cannot lock ref 'refs/heads/main': is at a but expected b)", ""),
    ("[remote rejected] (failed to update ref)", ""),
    ("[remote rejected] (incorrect old value provided)", ""),
    ("[remote rejected] (reference already exists)", ""),
    (HOOK, "remote: GitLab: Could not update refs/heads/main. Please refresh and try again."),
]

_REFUSED: list[tuple[str, str, type[FerrymanError], str]] = [
    (
        "[remote rejected] (protected branch hook declined)",
        "remote: error: GH006: Protected branch update failed for refs/heads/main.",
        RefusedError,
        "GH006.*protected.*open a pull request",
    ),
    (
        "[remote rejected] (push declined due to repository rule violations)",
        "remote: error: GH013: Repository rule violations found for refs/heads/main.",
        RefusedError,
        "GH013.*protected",
    ),
    (
        HOOK,
        "remote: GitLab: You are not allowed to push code to protected branches on this project.",
        RefusedError,
        "protected: let this credential's user push",
    ),
    (
        HOOK,
        "remote: Gitea: Not allowed to push to protected branch main",
        RefusedError,
        "protected",
    ),
    (
        HOOK,
        "remote: Branch refs/heads/main can only be modified through pull requests.",
        RefusedError,
        "protected",
    ),
    (
        "[remote rejected] (TF402455: Pushes to this branch are not permitted)",
        "",
        RefusedError,
        "protected",
    ),
    (HOOK, "remote: JIRA-1 is closed\nremote: ask Bob", RefusedError, "closed ask Bob; a hook"),
    ("[remote rejected] (non-fast-forward)", "", RefusedError, "may not be replaced by force"),
    (
        "[remote rejected] (branch is currently checked out)",
        "",
        RefusedError,
        "push to a bare one",
    ),
    ("[remote rejected] (shallow update not allowed)", "", RefusedError, "allow it there"),
    (
        "[remote rejected] (unpacker error)",
        "remote: fatal: No space left on device",
        TemporaryError,
        "could not store .*No space left.*server's disk",
    ),
    (
        "[remote failure] (remote failed to report status)",
        "fatal: the remote end hung up unexpectedly",
        TemporaryError,
        "connection broke",
    ),
]


@pytest.mark.parametrize(("summary", "errors"), _MOVED)
def test_what_is_tried_again_on_top(summary: str, errors: str) -> None:
    """A ref that others moved is told from one that is refused, in each forge's words."""
    assert has_moved(summary, errors)


@pytest.mark.parametrize(("summary", "errors", "kind", "words"), _REFUSED)
def test_each_refusal(summary: str, errors: str, kind: type[FerrymanError], words: str) -> None:
    """It says what the server said, what to do, and whether it is tried again."""
    assert not has_moved(summary, errors)
    found = rejection(summary, errors, what="the branch 'main'", remote=REMOTE)
    assert type(found) is kind
    assert "the branch 'main'" in str(found)
    assert re.search(words, str(found))
    assert ("(not tried again" in str(found)) is isinstance(found, PermanentError)


@pytest.fixture
async def checkout(client: GitClient, repository: Repository, tmp_path: Path) -> Checkout:
    """A checkout with a commit to push."""
    made = await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1")
    await edit(made, "apps/a/values.yaml", "x:1", "x:2")
    await commit(made)
    return made


async def test_a_real_update_hook(checkout: Checkout, repository: Repository) -> None:
    """The lines of a hook that minds one branch are passed on; another branch is taken."""
    repository.hook(
        "update", '[ "$1" != refs/heads/main ] || { echo "main is frozen" >&2; exit 1; }'
    )
    with pytest.raises(RefusedError, match=r"\(hook declined\): main is frozen .*; a hook"):
        await push(checkout, repository.file_remote())
    await push(checkout, repository.file_remote(), "other")


async def test_a_real_ban_of_force(checkout: Checkout, repository: Repository) -> None:
    """A server that takes no forced pushes is not asked ten times."""
    repository.commit({"new": "theirs"})
    repository.git("config", "receive.denyNonFastForwards", "true")
    asked = 0

    async def count() -> None:
        nonlocal asked
        asked += 1

    with pytest.raises(RefusedError, match="may not be replaced by force"):
        await push(checkout, repository.file_remote(), force=True, before=count)
    assert asked == 1


async def test_a_real_checked_out_branch(checkout: Checkout, repository: Repository) -> None:
    """A repository in which somebody works does not take a push to the branch that is out."""
    repository.git("config", "core.bare", "false")
    with pytest.raises(RefusedError, match="push to a bare one"):
        await push(checkout, repository.file_remote())
