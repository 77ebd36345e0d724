"""What git's complaints are taken for."""

from __future__ import annotations

import re

import pytest

from ferryman.clients.git.failures import (
    DamagedError,
    LockedError,
    MissingRefError,
    ObstructedError,
    UnexplainedError,
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

_UNABLE = "fatal: unable to access 'https://git.example.com/shop.git/': "
_SSH = "\nfatal: Could not read from remote repository.\n\nPlease make sure you have the rights"
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
    (f"{_UNABLE}Could not resolve host: x", TemporaryError, "not known .*check the URL.*DNS"),
    (f"ssh: Could not resolve hostname x: Name or{_SSH}", TemporaryError, "hostname x.*DNS"),
    (f"{_UNABLE}Failed to connect to x port 1: Connection refused", TemporaryError, "port.*is up"),
    (f"ssh: connect to host x port 22: Connection refused{_SSH}", TemporaryError, "port 22.*is up"),
    (f"{_UNABLE}Connection timed out after 300 s", TemporaryError, "does not answer in time"),
    (f"{_UNABLE}Received HTTP code 407 from proxy after CONNECT", TemporaryError, "HTTPS_PROXY"),
    (f"{_UNABLE}The requested URL returned error: 503", TemporaryError, "in trouble .*503"),
    (f"{_UNABLE}The requested URL returned error: 429", TemporaryError, "fewer requests .*429"),
    ("error: RPC failed; curl 28 Operation too slow\nfatal: early EOF", TemporaryError, "in time"),
    ("error: RPC failed; curl 56 reset\nfatal: early EOF", TemporaryError, "connection broke"),
    (
        "fatal: unable to access 'x': SSL certificate problem: expired",
        PermanentError,
        "not trusted .*FERRYMAN_GIT__CA_FILE",
    ),
    (f"{_UNABLE}server certificate verification failed.", PermanentError, "not trusted .*caCert"),
    (f"Host key verification failed.{_SSH}", PermanentError, "host key .*known_hosts"),
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
    ("fatal: packed-refs: unexpected line in it", DamagedError, "made anew"),
    ("fatal: what nobody foresaw", UnexplainedError, "nobody foresaw"),
    ("", UnexplainedError, "without a word"),
]
_INNER = {MissingRefError, LockedError, ObstructedError}
"""Taken care of before anybody reads them."""


@pytest.mark.parametrize(("errors", "kind", "words"), _TABLE)
def test_each_is_told_apart(errors: str, kind: type[FerrymanError], words: str) -> None:
    """By kind, in a sentence that says what it was, what to do, and whether it is tried again."""
    found = failure(errors, doing="git fetch", remote=REMOTE)
    assert type(found) is kind
    assert re.search(words, str(found))
    assert "secret" not in str(found)
    if kind not in _INNER:
        again = isinstance(found, TemporaryError)
        waits = isinstance(found, CredentialError)
        end = "promotion waits for it" if waits else "tried again by itself"
        assert str(found).endswith(f"{end})")
        assert ("(not tried" in str(found)) is not again


def test_a_full_disk_of_the_server_is_not_ours() -> None:
    """What the server's side complains of is not taken for the worker's own trouble."""
    errors = "remote: fatal: No space left on device\nerror: remote unpack failed"
    assert "the worker's disk" not in str(failure(errors, doing="git push", remote=REMOTE))
