"""How a credential reaches git: never in an argument, a URL, a file of git's, or the environment.

A password waits in a pipe that git's children inherit; the askpass program reads it from there
when git asks. An SSH key has to be a file, since ssh wants one: mode 0600, gone after the command.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from ferryman.clients.git.options import GitOptions
from ferryman.clients.git.secret_files import secret_file, sweep
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import check_git_url, is_loopback, without_userinfo

_PROGRAM = "askpass"
_ASKPASS = """\
#!/bin/sh
# Tells git the password of one server only: a redirect may have led git to another.
case "$1" in
"Password for '$FERRYMAN_ASKPASS_SCHEME://"*"@$FERRYMAN_ASKPASS_HOST': ") ;;
*) exit 1 ;;
esac
IFS= read -r password <"/dev/fd/$FERRYMAN_ASKPASS_FD" && printf '%s\\n' "$password"
"""


@dataclass(frozen=True, slots=True)
class Access:
    """What a git process needs in order to reach one remote."""

    url: str
    env: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    """git settings, by their names in git-config."""
    fds: Sequence[int] = ()


def check_remote(remote: GitRemote, options: GitOptions) -> None:
    """Raise `InvalidError` for a URL that git must not be given, or not with this credential."""
    shown = without_userinfo(remote.url)
    if options.allow_file_urls and remote.url.startswith("file:///"):
        return
    check_git_url(remote.url)
    if "://" in remote.url and urlsplit(remote.url).password:
        raise InvalidError(
            f"the URL of {shown} has a password in it; apply it as a Secret instead",
            field="repoURL",
        )
    plain = remote.url.startswith("http://") and not is_loopback(remote.url)
    if plain and remote.credential and not options.allow_credentials_over_http:
        raise InvalidError(
            f"credentials are not sent to {shown} over plain http; use https, "
            "or allow it with the setting allow_credentials_over_http",
            field="repoURL",
        )


@contextlib.contextmanager
def access(remote: GitRemote, folder: Path) -> Iterator[Access]:
    """Lay a credential ready for one git command; `folder` is the client's own, mode 0700."""
    if remote.url.startswith(("https://", "http://")):
        with _trusted(remote, folder) as trust, _by_password(remote, folder) as granted:
            yield replace(granted, env={**granted.env, **trust})
    elif remote.url.startswith("file://"):
        yield Access(remote.url)
    else:
        with _by_key(remote, folder) as granted:
            yield granted


def is_prepared(folder: Path) -> bool:
    """Whether `prepare` was here, and nobody has removed what it made."""
    return (folder / _PROGRAM).is_file()


def prepare(folder: Path, *, oldest: float) -> None:
    """Put the askpass program into `folder`; remove keys that killed processes left there.

    A key file older than `oldest` seconds is nobody's any more.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder, oldest=oldest)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f"{_PROGRAM}-")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(_ASKPASS)
        fresh.chmod(0o700)
        fresh.rename(folder / _PROGRAM)  # in one instant: another git may be about to run it
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def _trusted(remote: GitRemote, folder: Path) -> Iterator[Mapping[str, str]]:
    """Say whose certificates git takes: any, those of the Secret's authority, or the usual ones."""
    if remote.insecure_skip_tls_verify:
        yield {"GIT_SSL_NO_VERIFY": "1"}
    elif remote.credential and remote.credential.ca_certificate:
        with secret_file(remote.credential.ca_certificate, folder) as file:
            yield {"GIT_SSL_CAINFO": str(file)}
    else:
        yield {}


@contextlib.contextmanager
def _by_password(remote: GitRemote, folder: Path) -> Iterator[Access]:
    url = without_userinfo(remote.url)
    credential = remote.credential
    if credential is None or not credential.password:
        yield Access(url)
        return
    reader = _pipe_with(credential.password)
    try:
        parts = urlsplit(url)
        env = {
            "GIT_ASKPASS": str(folder / _PROGRAM),
            "FERRYMAN_ASKPASS_FD": str(reader),
            "FERRYMAN_ASKPASS_SCHEME": parts.scheme,
            "FERRYMAN_ASKPASS_HOST": parts.netloc,
        }
        yield Access(url, env, {"credential.username": credential.username or "git"}, (reader,))
    finally:
        os.close(reader)


def _pipe_with(password: str) -> int:
    if "\n" in password or "\0" in password:
        raise InvalidError(
            "the password has a line break in it; apply it without", field="password"
        )
    data = password.encode() + b"\n"
    if len(data) > os.pathconf("/", "PC_PIPE_BUF"):
        raise InvalidError(
            f"the password has {len(data)} bytes; git takes no such", field="password"
        )
    reader, writer = os.pipe()
    os.write(writer, data)
    os.close(writer)
    return reader


@contextlib.contextmanager
def _by_key(remote: GitRemote, folder: Path) -> Iterator[Access]:
    command = [
        "ssh", "-F", "none",
        "-o", "BatchMode=yes",
        "-o", "StrictHostKeyChecking=accept-new",
        "-o", f"UserKnownHostsFile={folder / 'known_hosts'}",
    ]  # fmt: skip
    with contextlib.ExitStack() as files:
        if remote.credential and remote.credential.ssh_private_key:
            key = files.enter_context(secret_file(remote.credential.ssh_private_key, folder))
            command += ["-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"]
        yield Access(remote.url, {"GIT_SSH_COMMAND": shlex.join(command), "GIT_SSH_VARIANT": "ssh"})
