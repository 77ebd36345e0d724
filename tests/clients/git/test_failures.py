"""What git's complaints are taken for."""

from __future__ import annotations

import pytest

from ferryman.clients.git.failures import (
    DamagedError,
    LockedError,
    MissingRefError,
    ObstructedError,
    failure,
)
from ferryman.domain.errors import (
    CredentialError,
    FerrymanError,
    NotFoundError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.ports import Credential, GitRemote

REMOTE = GitRemote("https://bot@git.example.com/shop.git", Credential("bot", "secret"))

_TABLE: list[tuple[str, type[FerrymanError], str]] = [
    ("fatal: Authentication failed for 'https://x/'", CredentialError, "user 'bot'"),
    (
        "remote: Permission to shop.git denied to bot.\nfatal: x: returned error: 403",
        CredentialError,
        "Permission to shop.git denied to bot",
    ),
    ("git@x: Permission denied (publickey).\nfatal: Could not", CredentialError, "publickey"),
    (
        "remote: Repository not found.\nfatal: repository 'x' not found",
        NotFoundError,
        "may not see",
    ),
    ("fatal: couldn't find remote ref refs/heads/x", MissingRefError, "refs/heads/x"),
    ("fatal: unable to access 'x': Could not resolve host: x", TemporaryError, "resolve host"),
    ("fatal: unable to access 'x': The requested URL returned error: 503", TemporaryError, "503"),
    (
        "error: RPC failed; curl 28 Operation too slow\nfatal: early EOF",
        TemporaryError,
        "early EOF",
    ),
    (
        "fatal: unable to access 'x': SSL certificate problem: expired",
        PermanentError,
        "not trusted",
    ),
    ("fatal: write error: No space left on device", TemporaryError, "the worker's disk is full"),
    ("error: could not lock x: Read-only file system", TemporaryError, "make room"),
    (
        "error: cannot lock ref 'refs/heads/x': Unable to create 'x.lock': File exists.",
        LockedError,
        "cannot lock ref",
    ),
    (
        "error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create",
        ObstructedError,
        "refs/heads/a",
    ),
    ("fatal: loose object 1234 (stored in x) is corrupt", DamagedError, "made anew"),
    ("fatal: not a git repository: '/data/mirrors/x.git'", DamagedError, "made anew"),
    ("fatal: invalid path 'a/.GIT'", PermanentError, "no file of that name"),
    ("", TemporaryError, "without a word"),
]


@pytest.mark.parametrize(("errors", "kind", "words"), _TABLE)
def test_each_is_told_apart(errors: str, kind: type[FerrymanError], words: str) -> None:
    """By kind, in a sentence that says what it was."""
    found = failure(errors, doing="git fetch", remote=REMOTE)
    assert type(found) is kind
    assert words in str(found)
    assert "secret" not in str(found)


def test_a_full_disk_of_the_server_is_not_ours() -> None:
    """What the server's side complains of is not taken for the worker's own trouble."""
    errors = "remote: fatal: No space left on device\nerror: remote unpack failed"
    assert "the worker's disk" not in str(failure(errors, doing="git push", remote=REMOTE))
