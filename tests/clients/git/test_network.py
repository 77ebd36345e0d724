"""What stands between us and a server: names, silence, TLS and proxies."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.responses import Response

from ferryman.clients.git import GitClient, GitOptions
from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.ports import GitRemote
from tests.clients.git.conftest import OPTIONS
from tests.servers.asgi import serving
from tests.servers.certificates import self_signed
from tests.servers.git import CREDENTIAL, Repository, RunningGit
from tests.servers.tunnels import listening, tunnelling_proxy, with_tls

pytestmark = pytest.mark.servers


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody trusts, and its key."""
    return self_signed().write(tmp_path)


@pytest.fixture
async def secure(served: RunningGit, certificate: tuple[Path, Path]) -> AsyncIterator[GitRemote]:
    """The repository over TLS."""
    async with with_tls(served.url, *certificate) as url:
        yield GitRemote(f"{url}/shop.git", CREDENTIAL)


async def head_by(options: GitOptions, remote: GitRemote, folder: Path) -> str | None:
    """Ask for main's commit with a client of these options."""
    client = GitClient(folder / "data", options)
    try:
        return await client.remote_head(remote, "main")
    finally:
        client.close()


async def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    """A host that is not found is told apart, and waited for."""
    remote = GitRemote("http://nowhere.invalid/shop.git")
    with pytest.raises(TemporaryError, match=r"host is not known .*check the URL"):
        await head_by(OPTIONS, remote, tmp_path)


async def test_silence(tmp_path: Path) -> None:
    """A server that takes the connection and says nothing is left after a while."""

    async def say_nothing(_reader: StreamReader, _writer: StreamWriter) -> None:
        await asyncio.Event().wait()

    async with listening(say_nothing) as port:
        remote = GitRemote(f"http://127.0.0.1:{port}/shop.git")
        with pytest.raises(TemporaryError, match="does not answer in time"):
            await head_by(replace(OPTIONS, stall_seconds=1), remote, tmp_path)


async def test_a_connection_that_breaks(tmp_path: Path) -> None:
    """A server that hangs up is told from one that is not there."""

    async def hang_up(reader: StreamReader, _writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with listening(hang_up) as port:
        remote = GitRemote(f"http://127.0.0.1:{port}/shop.git")
        with pytest.raises(TemporaryError, match="the connection broke"):
            await head_by(OPTIONS, remote, tmp_path)


@pytest.mark.parametrize(
    ("status", "words"), [(503, "server is in trouble"), (429, "asks for fewer requests")]
)
async def test_a_server_in_trouble(tmp_path: Path, status: int, words: str) -> None:
    """Answers that pass are told apart."""
    async with serving(Response(status_code=status)) as url:
        with pytest.raises(TemporaryError, match=words):
            await head_by(OPTIONS, GitRemote(f"{url}/shop.git"), tmp_path)


async def test_a_certificate_that_nobody_trusts(secure: GitRemote, tmp_path: Path) -> None:
    """It is refused for good, with what to do."""
    with pytest.raises(PermanentError, match=r"not trusted .*FERRYMAN_GIT__CA_FILE.*caCert"):
        await head_by(OPTIONS, secure, tmp_path)


async def test_no_tls_at_all(served: RunningGit, tmp_path: Path) -> None:
    """A plain server behind an https URL is a mistake, not a bad day."""
    remote = GitRemote(f"{served.url}/shop.git".replace("http:", "https:"), CREDENTIAL)
    with pytest.raises(PermanentError, match="TLS"):
        await head_by(OPTIONS, remote, tmp_path)


async def test_an_authority_of_ones_own(
    secure: GitRemote, certificate: tuple[Path, Path], repository: Repository, tmp_path: Path
) -> None:
    """It is given for all servers, or with one's Secret; or nothing is verified."""
    pem = certificate[0].read_text()
    by_setting = replace(OPTIONS, ca_file=certificate[0])
    by_secret = replace(secure, credential=replace(CREDENTIAL, ca_certificate=pem))
    insecure = replace(secure, insecure_skip_tls_verify=True)
    for options, remote in ((by_setting, secure), (OPTIONS, by_secret), (OPTIONS, insecure)):
        assert await head_by(options, remote, tmp_path) == repository.head()
    assert list((tmp_path / "data/git").glob("key-*")) == []


async def test_a_proxy(
    secure: GitRemote, certificate: tuple[Path, Path], repository: Repository, tmp_path: Path
) -> None:
    """A proxy is gone through, passed by where no_proxy says so, and named when it refuses."""
    async with tunnelling_proxy() as proxy:
        trusting = replace(OPTIONS, ca_file=certificate[0])
        through = replace(trusting, proxies={"https_proxy": proxy.url})
        assert await head_by(through, secure, tmp_path) == repository.head()
        assert proxy.asked
        assert secure.url.removeprefix("https://").startswith(proxy.asked[0])
        proxy.refuses = True
        with pytest.raises(TemporaryError, match=r"proxy does not let it through .*NO_PROXY"):
            await head_by(through, secure, tmp_path)
        past = replace(trusting, proxies={**through.proxies, "no_proxy": "127.0.0.1"})
        assert await head_by(past, secure, tmp_path) == repository.head()
