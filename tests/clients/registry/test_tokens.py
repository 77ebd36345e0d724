"""A real registry that lets in those with a Bearer token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import CredentialError, TemporaryError
from ferryman.domain.ports import Credential, ImageRepository
from server.demo.images import push_image
from tests.servers.asgi import serving
from tests.servers.faulty_proxy import changed, faulty_proxy, status
from tests.servers.registry import RunningRegistry, running_registry
from tests.servers.token_server import TokenServer

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)
ANN = Credential("ann", "geheim")
PULL = "repository:app:pull"


@asynccontextmanager
async def guarded(folder: Path, tokens: TokenServer, url: str) -> AsyncIterator[RunningRegistry]:
    """`docker-registry` that trusts `tokens`, served at `url`; it holds app:1.0.0."""
    with running_registry(folder, settings=tokens.settings(url, folder)) as running:
        token = tokens.token(["repository:app:pull,push"])
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as pusher:
            await push_image(pusher, running.url, "app", "1.0.0", NOW)
        yield running


@pytest.mark.parametrize("credential", [None, ANN])
async def test_let_in(
    tmp_path: Path, registry: HttpRegistry, asked: list[str], credential: Credential | None
) -> None:
    """One token is fetched, with or without a credential, and serves until it runs out."""
    tokens = TokenServer(credential)
    async with serving(tokens) as url, guarded(tmp_path, tokens, url) as running:
        repository = running.repository("app", credential)
        assert await registry.tags(repository) == ["1.0.0"]
        found = await registry.image(repository, "1.0.0")
        assert found
        assert found.created_at == NOW
        assert tokens.issued == [PULL]
        assert asked == [
            "GET /v2/app/tags/list",
            "GET /token",
            "GET /v2/app/tags/list",
            "GET /v2/app/manifests/1.0.0",
            f"GET /v2/app/blobs/{asked[-1].rpartition('/')[2]}",
        ]


async def test_runs_out(tmp_path: Path, registry: HttpRegistry) -> None:
    """A token is not used longer than the server says that it lasts."""
    tokens = TokenServer(lifetime=-1)
    async with serving(tokens) as url, guarded(tmp_path, tokens, url) as running:
        for _ in range(3):
            await registry.tags(running.repository("app"))
        assert tokens.issued == [PULL] * 3
        tokens.lifetime = 300
        for _ in range(3):
            await registry.tags(running.repository("app"))
        assert tokens.issued == [PULL] * 4


async def test_one_fetch_for_all(tmp_path: Path, registry: HttpRegistry) -> None:
    """Many who need the same token at once wait for one fetch of it."""
    tokens = TokenServer()
    async with serving(tokens) as url, guarded(tmp_path, tokens, url) as running:
        repository = running.repository("app")
        digests = await asyncio.gather(*[registry.digest(repository, "1.0.0") for _ in range(20)])
        assert len(set(digests)) == 1
        assert tokens.issued == [PULL]


async def test_token_that_is_refused(tmp_path: Path, registry: HttpRegistry) -> None:
    """A token that the registry no longer takes is replaced; a fresh one refused is the end."""
    tokens = TokenServer()
    async with serving(tokens) as url, guarded(tmp_path, tokens, url) as running:
        repository = running.repository("app")
        await registry.tags(repository)
        kept = next(iter(registry._wire._authoriser._tokens._tokens._values.values()))
        kept.header = "Bearer revoked"
        assert await registry.tags(repository) == ["1.0.0"]
        assert len(tokens.issued) == 2
        tokens.identity = TokenServer().identity
        kept.header = "Bearer revoked"
        with pytest.raises(CredentialError, match="apply a Secret"):
            await registry.tags(repository)


async def test_credential_refused(tmp_path: Path, registry: HttpRegistry) -> None:
    """A token server that refuses the credential is an error that names the repository."""
    tokens = TokenServer(ANN)
    async with serving(tokens) as url, guarded(tmp_path, tokens, url) as running:
        repository = running.repository("app", Credential("ann", "verraten"))
        with pytest.raises(CredentialError, match="the credential was refused") as refusal:
            await registry.tags(repository)
        assert repository.url in str(refusal.value)
        assert "verraten" not in str(refusal.value)


async def test_token_server_in_trouble(tmp_path: Path, registry: HttpRegistry) -> None:
    """What fails for a moment at the token server is tried again; what lasts is temporary."""
    tokens = TokenServer(lifetime=-1)
    async with (
        serving(tokens) as upstream,
        faulty_proxy(upstream) as proxy,
        guarded(tmp_path, tokens, proxy.url) as running,
    ):
        repository: ImageRepository = running.repository("app")
        for fault in (status(503), status(302, Location="/token"), changed(lambda _: b"{}")):
            proxy.spoil("/token", fault)
            assert await registry.tags(repository) == ["1.0.0"]
            proxy.spoil("/token", fault, fault, fault)
            with pytest.raises(TemporaryError, match="/token was answered with"):
                await registry.tags(repository)
