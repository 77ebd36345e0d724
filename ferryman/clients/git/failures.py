"""What git's complaints mean, in terms of the error tree.

git is run with LC_ALL=C, so its words do not depend on the machine. What nobody foresaw is a
TemporaryError with git's last words: most of it is a server's bad day. Each sentence says what
was done, what is wrong, what to do, and whether it is tried again without anybody's doing.
"""

from __future__ import annotations

import re
from datetime import timedelta

from ferryman.domain.errors import (
    CredentialError,
    FerrymanError,
    NotFoundError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo

AGAIN = " (tried again by itself)"
NOT_AGAIN = " (not tried again by itself)"
_WAITS = " (the promotion waits for it)"


class MissingRefError(NotFoundError):
    """The remote has no such branch, tag or commit."""


class LockedError(TemporaryError):
    """Another git holds a lock in the mirror for a moment."""


class ObstructedError(TemporaryError):
    """A ref that the remote has no more stands in the way of a new one: `a` of `a/b`."""


class UnexplainedError(TemporaryError):
    """Git's words mean nothing to us; whoever has a mirror looks whether it is whole."""


class DamagedError(TemporaryError):
    """The mirror or checkout is broken or gone; the next attempt makes it anew."""

    def __init__(self, message: str, *, delay: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(message, delay=delay)


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_MISSING_REF = _pattern(r"couldn't find remote ref", r"not our ref", r"unadvertised object")
_LOCKED = _pattern(
    r"cannot lock ref", r"unable to create '[^']*\.lock': file exists", r"but expected [0-9a-f]{40}"
)
_OBSTRUCTED = _pattern(r"exists; cannot create", r"blocking reference")
_BAD_PATH = _pattern(r"invalid path")
_DISK = _pattern(
    r"no space left on device", r"out of diskspace", r"disk quota exceeded",
    r"read-only file system", r"file too large",
)  # fmt: skip
_DAMAGED = _pattern(
    r"not a git repository", r"is corrupt", r"corrupt loose object", r"bad object",
    r"object file .* is empty", r"unable to read (?:tree|sha1 file)", r"bad pack header",
    r"missing (?:blob|tree|commit)", r"does not match index", r"non-monotonic index",
    r"bad config", r"unable to unpack", r"inflate: data stream error", r"invalid object",
    r"did not send all necessary objects", r"could not parse (?:object|commit)",
    r"not a valid commit", r"can't load tree", r"reference broken", r"invalid gitfile format",
    r"(?:unexpected|unterminated) line in", r"couldn't read [^ ]*packed-refs",
    r"expected git repo version", r"unknown repository extension", r"reading the configuration",
)  # fmt: skip
_CREDENTIAL = _pattern(
    r"authentication failed", r"could not read (?:username|password)", r"http basic: access denied",
    r"returned error: (?:401|403)", r"permission denied \(", r"invalid username or",
    r"unable to read askpass response", r"no supported authentication methods",
)  # fmt: skip
_NO_REPOSITORY = _pattern(
    r"repository '[^']*' not found", r"repository not found", r"does not appear to be a git repo",
    r"returned error: 404", r"could not be found or you don't have permission",
)  # fmt: skip
_TLS = _pattern(r"certificate", r"unexpected tls packet", r"wrong version number", r"tls alert")
_HOST_KEY = _pattern(r"host key verification failed")
_NETWORK = (
    # what git says, what that means, what to do
    (
        _pattern(r"from proxy after connect", r"connect tunnel failed", r"resolve proxy"),
        "the proxy does not let it through",
        "check the worker's HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
    ),
    (
        _pattern(r"could not resolve host", r"name or service not known", r"name resolution"),
        "its host is not known",
        "check the URL, and the worker's DNS",
    ),
    (
        _pattern(r"timed? ?out", r"too slow", r"timeout was reached"),
        "it does not answer in time",
        "check whether the worker's network lets it through, and how the server is",
    ),
    (
        _pattern(r"connection refused", r"failed to connect", r"couldn't connect", r"unreachable"),
        "nothing answers there",
        "check host and port, and whether the server is up",
    ),
    (
        _pattern(r"returned error: 429", r"too many requests"),
        "it asks for fewer requests",
        "wait, or raise its limit for this credential",
    ),
    (
        _pattern(r"returned error: 5\d\d", r"internal server error"),
        "the server is in trouble",
        "if that goes on, look at its logs",
    ),
    (
        _pattern(
            r"hung up", r"early eof", r"unexpected disconnect", r"connection reset", r"rpc failed",
            r"connection (?:was )?(?:closed|aborted)", r"broken pipe", r"empty reply",
            r"non-properly terminated", r"transfer closed", r"gnutls_handshake", r"ssl_error",
        ),
        "the connection broke",
        "if that goes on, look at the network and the server's logs",
    ),
)  # fmt: skip


def failure(errors: str, *, doing: str, remote: GitRemote | None = None) -> FerrymanError:
    """Return the error for what git wrote to standard error while `doing` something."""
    words = last_words(errors)
    ours = "\n".join(line for line in errors.splitlines() if not line.startswith("remote:"))
    if _DISK.search(ours):  # first: over the network it comes wrapped in "remote end hung up"
        return TemporaryError(
            f"{doing}: the worker's disk is full or cannot be written ({words}); "
            f"make room on it{AGAIN}",
            delay=timedelta(minutes=1),
        )
    return (
        (remote and _remote_failure(errors, doing, remote))
        or _local_failure(ours, f"{doing}: {words}")
        or _network_failure(ours, doing)
        or UnexplainedError(f"{doing}: {words or 'git failed without a word'}{AGAIN}")
    )


def damaged(sentence: str) -> DamagedError:
    """Return the error for a mirror in which something is not as git left it."""
    return DamagedError(f"{sentence}; the mirror is damaged, and is made anew{AGAIN}")


def last_words(errors: str) -> str:
    """Return the line that says what is wrong: git's own last fatal or error line."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    own = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (own or lines or [""])[-1]


def remote_lines(errors: str) -> str:
    """Return what the server's hooks said, as one line."""
    said = [line[7:].strip() for line in errors.splitlines() if line.startswith("remote:")]
    return " ".join(line for line in said if line)


def _line_of(match: re.Match[str]) -> str:
    start = match.string.rfind("\n", 0, match.start()) + 1
    return match.string[start:].partition("\n")[0].strip()


def _remote_failure(errors: str, doing: str, remote: GitRemote) -> FerrymanError | None:
    url = without_userinfo(remote.url)
    if refused := _CREDENTIAL.search(errors):
        said = remote_lines(errors) or _line_of(refused)
        return CredentialError(_refusal(url, remote, said), url=url)
    if _MISSING_REF.search(errors):
        return MissingRefError(f"{doing}: {last_words(errors)}")
    if _NO_REPOSITORY.search(errors):
        return NotFoundError(
            f"{doing}: {url} does not exist, or this credential may not see it; "
            f"correct the URL or apply a credential that may read it{NOT_AGAIN}"
        )
    if _HOST_KEY.search(errors):
        return PermanentError(
            f"{doing}: the SSH host key of {url} is not the known one; if the server really "
            "changed its key, remove the old one from git/known_hosts in the worker's data folder"
            f"{NOT_AGAIN}"
        )
    if _TLS.search(errors):
        return PermanentError(
            f"{doing}: the TLS certificate of {url} is not trusted ({last_words(errors)}); give "
            "its authority as FERRYMAN_GIT__CA_FILE or as caCert of the Secret or, where that is "
            f"acceptable, set insecureSkipTLSVerify{NOT_AGAIN}"
        )
    return None


def _network_failure(errors: str, doing: str) -> FerrymanError | None:
    for pattern, meaning, advice in _NETWORK:
        if found := pattern.search(errors):
            return TemporaryError(f"{doing}: {meaning} ({_line_of(found)}); {advice}{AGAIN}")
    return None


def _local_failure(errors: str, sentence: str) -> FerrymanError | None:
    if _BAD_PATH.search(errors):
        return PermanentError(f"{sentence}; git allows no file of that name{NOT_AGAIN}")
    if _OBSTRUCTED.search(errors):
        return ObstructedError(sentence)
    if _DAMAGED.search(errors):  # before locks: a broken ref cannot be locked either
        return damaged(sentence)
    if _LOCKED.search(errors):
        return LockedError(sentence, delay=timedelta(seconds=1))
    return None


def _refusal(url: str, remote: GitRemote, said: str) -> str:
    if remote.credential is None:
        return (
            f"{url} asks for a credential and none is known; apply a Secret with the label "
            f"kargo.akuity.io/cred-type: git and this repoURL{_WAITS}"
        )
    who = f" of user {remote.credential.username!r}" if remote.credential.username else ""
    return f"{url} refused the credential{who} ({said}); apply a Secret with a valid one{_WAITS}"
