"""A password reaches git, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import os
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ferryman.clients.git import GitClient
from ferryman.domain.errors import FerrymanError, InvalidError
from ferryman.domain.ports import Credential, GitRemote
from tests.clients.git.deeds import commit, edit, push
from tests.servers.asgi import serving
from tests.servers.git import CREDENTIAL, Repository, RunningGit

pytestmark = pytest.mark.servers


async def test_arguments_environment_and_disk_do_not_show_it(
    client: GitClient, served: RunningGit, repository: Repository, tmp_path: Path
) -> None:
    """While a push runs, no process shows the password; afterwards, no file does."""
    running, go = tmp_path / "running", tmp_path / "go"
    repository.hook("pre-receive", f"touch {running}; while [ ! -e {go} ]; do sleep 0.01; done")
    remote = served.remote("shop")
    checkout = await client.clone(remote, tmp_path / "work", hold="p.1/src")
    await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
    await commit(checkout)
    pushing = asyncio.create_task(push(checkout, remote))
    while not await asyncio.to_thread(running.exists):  # noqa: ASYNC110 — a file has no event
        await asyncio.sleep(0.005)
    shown = await asyncio.to_thread(_what_processes_show)
    go.touch()
    await pushing

    assert b"git-remote-http" in shown
    assert CREDENTIAL.password.encode() not in shown
    stored = await asyncio.to_thread(_all_files, tmp_path / "data")
    assert CREDENTIAL.password.encode() not in stored


async def test_a_redirect_to_another_server_does_not_get_it(
    client: GitClient, tmp_path: Path
) -> None:
    """Where a server sends git elsewhere, elsewhere is not told the password."""
    heard: list[str] = []

    async def ask(request: Request) -> Response:
        heard.append(request.headers.get("authorization", ""))
        return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="git"'})

    async with serving(Starlette(routes=[Route("/{path:path}", ask)])) as evil:

        async def redirect(request: Request) -> Response:
            return RedirectResponse(f"{evil}{request.url.path}?{request.url.query}")

        async with serving(Starlette(routes=[Route("/{path:path}", redirect)])) as good:
            remote = GitRemote(f"{good}/shop.git", CREDENTIAL)
            with pytest.raises(FerrymanError, match="refused the credential"):
                await client.clone(remote, tmp_path / "work", hold="p.1/src")
    assert heard
    assert set(heard) == {""}


async def test_the_user_of_a_token_may_be_left_out(client: GitClient, tmp_path: Path) -> None:
    """A token without a user is sent with the user `git`, which forges accept."""
    heard: list[str] = []

    async def ask(request: Request) -> Response:
        heard.append(request.headers.get("authorization", ""))
        return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="git"'})

    async with serving(Starlette(routes=[Route("/{path:path}", ask)])) as url:
        remote = GitRemote(f"{url}/shop.git", Credential("", "to ken"))
        with pytest.raises(FerrymanError, match="refused the credential"):
            await client.clone(remote, tmp_path / "work", hold="p.1/src")
    assert f"Basic {base64.b64encode(b'git:to ken').decode()}" in heard


@pytest.mark.parametrize(
    ("remote", "sentence"),
    [
        (GitRemote("http://git.example.com/shop.git", CREDENTIAL), "not sent to .* plain http"),
        (GitRemote("https://ann:secret@example.com/shop.git"), "has a password in it"),
        (GitRemote("https://example.com/x.git", Credential("ann", "a\nb")), "has a line break"),
    ],
)
async def test_it_is_refused_where_it_would_leak(
    client: GitClient, tmp_path: Path, remote: GitRemote, sentence: str
) -> None:
    """Plain http to other machines, and passwords in URLs, are refused without showing them."""
    with pytest.raises(InvalidError, match=sentence) as caught:
        await client.clone(remote, tmp_path / "work", hold="p.1/src")
    assert "secret" not in str(caught.value)


def _what_processes_show() -> bytes:
    """Return arguments and environment of every process that descends from this one."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    ours = {os.getpid()}
    for _ in parents:
        ours |= {child for child, parent in parents.items() if parent in ours}
    files = [
        f"/proc/{pid}/{name}" for pid in ours - {os.getpid()} for name in ("cmdline", "environ")
    ]
    return b"".join(_shown(Path(file)) for file in files)


def _shown(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended
        return b""


def _all_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
