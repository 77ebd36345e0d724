"""Over SSH with a deploy key."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.domain.errors import CredentialError, PermanentError
from ferryman.domain.ports import Credential, GitRemote
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import Repository
from tests.servers.ssh import running_ssh

pytestmark = pytest.mark.servers


async def test_a_key_opens_the_way_and_is_gone_afterwards(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Clone and push work with the key; without it the error asks for one; no key stays on disk."""
    with running_ssh(tmp_path) as server:
        url = server.url(repository.path)
        remote = GitRemote(url, Credential("", "", server.key.replace("\n", "\r\n").strip()))
        checkout = await client.clone(remote, tmp_path / "work", hold="1")
        await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
        await commit(checkout)
        pushed = await push(checkout, remote)
        with pytest.raises(CredentialError, match="asks for a credential"):
            await client.clone(GitRemote(url), tmp_path / "other", hold="2")
    assert pushed.commit == repository.head()
    assert list((tmp_path / "data/git").glob("key-*")) == []


async def test_another_host_key_is_refused(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A server that is not the one that was met first is refused, with what to do."""
    with running_ssh(tmp_path) as server:
        remote = GitRemote(server.url(repository.path), Credential("", "", server.key))
        await client.clone(remote, tmp_path / "work", hold="1")
        known = tmp_path / "data/git/known_hosts"
        stranger = (tmp_path / "user.pub").read_text().split()
        known.write_text(f"[127.0.0.1]:{server.port} {stranger[0]} {stranger[1]}\n")
        with pytest.raises(PermanentError, match="remove the old one from git/known_hosts"):
            await client.clone(remote, tmp_path / "work", hold="1")


async def test_a_key_with_a_passphrase(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """It is opened for the command; a wrong passphrase or none is asked for in the Secret."""
    with running_ssh(tmp_path) as server:
        locked = _locked(server.key, tmp_path / "locked")
        remote = GitRemote(
            server.url(repository.path), Credential("", "", locked, ssh_passphrase="open sesame")
        )
        assert await client.remote_head(remote, "main") == repository.head()
        for passphrase in ("wrong", ""):
            other = Credential("", "", locked, ssh_passphrase=passphrase)
            with pytest.raises(CredentialError, match=r"missing or wrong; .*KeyPassphrase"):
                await client.remote_head(replace(remote, credential=other), "main")
    assert list((tmp_path / "data/git").glob("key-*")) == []


def _locked(key: str, file: Path) -> str:
    file.touch(mode=0o600)
    file.write_text(key)
    command = ["ssh-keygen", "-q", "-p", "-N", "open sesame", "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return file.read_text()
