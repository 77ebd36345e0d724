"""Signatures over commits and tags, made by gpg or ssh-keygen with a key that is given as text.

Both programs want the key as a file: it is in a folder of mode 0700 that is gone afterwards.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from shutil import rmtree

from ferryman import processes
from ferryman.clients.git.secret_files import GPG_HOME, secret_file
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.processes import Completed

_PATIENCE = 60.0
_GPG = ("gpg", "--batch", "--no-tty", "--quiet", "--pinentry-mode", "error")


async def sign(payload: bytes, key: str, folder: Path) -> str:
    """Return an armoured signature; `folder` is the client's own, mode 0700.

    Raises `PermanentError` where the key is no private key, or wants a passphrase, or where the
    program is not there.
    """
    if "PGP PRIVATE KEY BLOCK" in key:
        return await _by_gpg(payload, key)
    if "OPENSSH PRIVATE KEY" in key:
        return await _by_ssh(payload, key, folder)
    raise PermanentError(
        "author.signingKey is neither an armoured GPG private key nor an SSH key in OpenSSH's "
        "format; export one with `gpg --armor --export-secret-keys`, or convert one with "
        "`ssh-keygen -p -f KEY`"
    )


async def _by_gpg(payload: bytes, key: str) -> str:
    home = Path(await in_thread(partial(tempfile.mkdtemp, prefix=GPG_HOME)))
    env = {"GNUPGHOME": str(home), "HOME": str(home)}
    try:
        imported = await _run([*_GPG, "--import"], key.strip().encode() + b"\n", env)
        _check(imported, "gpg could not read author.signingKey")
        done = await _run([*_GPG, "--armor", "--detach-sign"], payload, env)
        _check(done, "gpg could not sign with author.signingKey")
        return done.text.strip()
    finally:
        with suppress(PermanentError):  # where there is no gpg, there is nothing to end either
            # gpg leaves an agent behind, with the key in its memory.
            await _run(["gpgconf", "--kill", "all"], b"", env)
        await in_thread(partial(rmtree, home, ignore_errors=True))


async def _by_ssh(payload: bytes, key: str, folder: Path) -> str:
    with secret_file(key, folder) as file:
        # An askpass that fails: ssh-keygen would ask a terminal otherwise, and wait.
        env = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force", "HOME": str(folder)}
        done = await _run(["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(file)], payload, env)
    _check(done, "ssh-keygen could not sign with author.signingKey")
    return done.text.strip()


async def _run(argv: list[str], stdin: bytes, env: dict[str, str]) -> Completed:
    try:
        return await processes.run(argv, env=env, stdin=stdin, timeout=_PATIENCE)
    except NotFoundError:
        package = "openssh-client" if argv[0] == "ssh-keygen" else "gnupg"
        raise PermanentError(
            f"commits cannot be signed on this worker, where {argv[0]} is not installed; install "
            f"it (Debian: {package}) or leave out author.signingKey"
        ) from None


def _check(done: Completed, sentence: str) -> None:
    if done.code == 0:
        return
    errors = done.errors
    if "No pinentry" in errors or "incorrect passphrase" in errors:
        raise PermanentError(f"{sentence}: it has a passphrase; give the key without one")
    words = (errors.strip().splitlines() or ["no reason was given"])[-1]
    raise PermanentError(f"{sentence} ({words}); give a private key that may sign")
