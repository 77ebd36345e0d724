"""SSH keys with a passphrase: opened before use, since ssh would ask a terminal for it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from functools import partial
from pathlib import Path

from ferryman import processes
from ferryman.clients.git.secret_files import secret_file
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import CredentialError
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo

_PATIENCE = 30.0
_FORMAT = b"openssh-key-v1\0"
_NO_CIPHER = b"\0\0\0\4none"


async def opened(remote: GitRemote, folder: Path) -> GitRemote:
    """Return the remote with a key that needs no passphrase; `folder` has mode 0700.

    Raises `CredentialError` where the passphrase is missing or not the key's.
    """
    credential = remote.credential
    if credential is None or not _is_locked(credential.ssh_private_key):
        return remote
    with secret_file(credential.ssh_private_key, folder) as file:
        done = await processes.run(
            ["ssh-keygen", "-p", "-N", "", "-f", str(file)],
            env={"HOME": str(folder)},
            stdin=credential.ssh_passphrase.encode() + b"\n",
            timeout=_PATIENCE,
        )
        key = await in_thread(partial(file.read_text))
    if done.code != 0:
        url = without_userinfo(remote.url)
        raise CredentialError(
            f"the passphrase of the SSH key for {url} is missing or wrong; apply the Secret with "
            "the right sshPrivateKeyPassphrase (the promotion waits for it)",
            url=url,
        )
    return replace(remote, credential=replace(credential, ssh_private_key=key, ssh_passphrase=""))


def _is_locked(key: str) -> bool:
    """Whether a key has a passphrase, by OpenSSH's format (PROTOCOL.key) or PEM's header."""
    lines = key.strip().splitlines()
    try:
        data = base64.b64decode("".join(lines[1:-1]))
    except binascii.Error:  # a PEM with headers
        return "ENCRYPTED" in key
    return "ENCRYPTED" in key or (
        data.startswith(_FORMAT) and not data[len(_FORMAT) :].startswith(_NO_CIPHER)
    )
