"""Another server in the place of a registry."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.errors import CredentialError, TemporaryError
from ferryman.domain.ports import ImageRepository
from server.demo.images import push_image
from tests.servers.certificates import self_signed
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@asynccontextmanager
async def mirrored(host: str, mirror: str) -> AsyncIterator[HttpRegistry]:
    """A client that speaks to `mirror` in place of the registry at `host`."""
    options = RegistryOptions(mirrors={host: mirror}, first_pause=0.01)
    async with aclosing(HttpRegistry(options)) as registry:
        yield registry


async def test_docker_hub(running: RunningRegistry, pusher: httpx.AsyncClient) -> None:
    """Docker Hub's images, written as people write them, come from the mirror."""
    await push_image(pusher, running.url, "ealen/echo-server", "0.6.0", NOW)
    await push_image(pusher, running.url, "library/nginx", "1.27.0", NOW)
    async with mirrored("docker.io", running.url) as registry:
        assert await registry.tags(ImageRepository("ealen/echo-server")) == ["0.6.0"]
        assert await registry.tags(ImageRepository("nginx")) == ["1.27.0"]


async def test_credential_stays_home(tmp_path: Path) -> None:
    """A mirror at another host is not shown the registry's credential, and the error says so."""
    with running_registry(tmp_path, password=True) as guarded:
        async with mirrored("docker.io", guarded.url) as registry:
            with pytest.raises(CredentialError, match=r"not sent: the mirror at 127\.0\.0\.1 is"):
                await registry.tags(ImageRepository("ealen/echo-server", CREDENTIAL))


async def test_proxy_from_the_environment(
    running: RunningRegistry, pusher: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy from the environment is used, but not for registries on this machine."""
    await push_image(pusher, running.url, "app", "1.0.0", NOW)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with mirrored("registry.test", "http://registry.test") as registry:
        assert await registry.tags(running.repository("app")) == ["1.0.0"]
        with pytest.raises(TemporaryError, match="failed: All connection attempts failed"):
            await registry.tags(ImageRepository("registry.test/app"))


async def test_certificates(tmp_path: Path) -> None:
    """An unknown certificate is refused with the reason, unless the subscription skips that."""
    certificate, key = self_signed().write(tmp_path)
    http = {"addr": "127.0.0.1:0", "tls": {"certificate": str(certificate), "key": str(key)}}
    with running_registry(tmp_path, settings={"http": http}) as running:
        assert running.url.startswith("https://")
        async with (
            httpx.AsyncClient(verify=ssl.create_default_context(cafile=certificate)) as pusher,
            mirrored("registry.test", running.url) as registry,
        ):
            await push_image(pusher, running.url, "app", "1.0.0", NOW)
            with pytest.raises(TemporaryError, match=re.escape("self-signed certificate")):
                await registry.tags(ImageRepository("registry.test/app"))
            skipping = ImageRepository("registry.test/app", insecure_skip_tls_verify=True)
            assert await registry.tags(skipping) == ["1.0.0"]
