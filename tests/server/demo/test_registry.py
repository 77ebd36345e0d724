"""The demo's registry, beyond what it has in common with `docker-registry`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from server.demo.images import push_image
from server.demo.registry import create_app
from server.demo.registry_program import registry_command
from tests.ports import fresh_port
from tests.servers.asgi import serving
from tests.servers.registry import NO_AUTHORITIES

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to it."""
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        yield http


async def test_pages(client: httpx.AsyncClient) -> None:
    """Tags come in pages of the size asked for, each with a link to the next."""
    async with serving(create_app()) as url:
        for tag in ("b", "a", "c"):
            await push_image(client, url, "app", tag, NOW)
        pages, link = [], "/v2/app/tags/list?n=2"
        while link:
            answer = await client.get(f"{url}{link}")
            pages.append(answer.json()["tags"])
            link = answer.links.get("next", {}).get("url", "")
    assert pages == [["a", "b"], ["c"]]


async def test_refusals(client: httpx.AsyncClient) -> None:
    """Names, tags and sizes out of bounds are refused, and nothing is kept of them."""
    async with serving(create_app()) as url:
        assert (await client.post(f"{url}/v2/A/b/blobs/uploads/")).status_code == 400
        large = await client.put(f"{url}/v2/a/manifests/1", content=bytes(4 * 1024 * 1024 + 1))
        assert large.status_code == 413
        assert (await client.put(f"{url}/v2/a/manifests/-1", content=b"{}")).status_code == 400
        assert (await client.put(f"{url}/v2/a/blobs/uploads/x", content=b"")).status_code == 404
        assert (await client.get(f"{url}/v2/a/tags/list")).json()["tags"] == []
        assert (await client.get(f"{url}/elsewhere")).status_code == 404


@pytest.mark.parametrize("own", [True, False])
async def test_command(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    """The command starts `docker-registry` where it is installed, else the demo's own."""
    if not own and not shutil.which("docker-registry"):
        pytest.skip("needs the Debian package docker-registry")
    if own:
        monkeypatch.setenv("PATH", str(tmp_path))
    port = fresh_port()
    command = registry_command(tmp_path / "data", port)
    assert (command[0] == sys.executable) is own
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(30):
            while not await _answers(client, f"http://127.0.0.1:{port}/v2/"):
                assert process.returncode is None
                await asyncio.sleep(0.02)
        await push_image(client, f"http://127.0.0.1:{port}", "app", "1.0.0", NOW)
    finally:
        process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False
