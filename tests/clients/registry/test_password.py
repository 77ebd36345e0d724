"""A real registry that asks for a password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import CredentialError
from ferryman.domain.ports import Credential
from server.demo.images import push_image
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RunningRegistry]:
    """`docker-registry` with a password."""
    with running_registry(tmp_path, password=True) as registry:
        yield registry


async def test_let_in(guarded: RunningRegistry, registry: HttpRegistry, asked: list[str]) -> None:
    """The credential opens the repository, and is asked for only once."""
    async with guarded.pusher() as pusher:
        await push_image(pusher, guarded.url, "app", "1.0.0", NOW)
    repository = guarded.repository("app", CREDENTIAL)
    assert await registry.tags(repository) == ["1.0.0"]
    found = await registry.image(repository, "1.0.0")
    assert found
    assert found.created_at == NOW
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        (None, "apply a Secret with the label kargo.akuity.io/cred-type: image and repoURL: "),
        (Credential("ferryman", "geheim"), "the credential was refused"),
        (Credential("jürgen", "geheim:ä"), "the credential was refused"),
    ],
)
async def test_refused(
    guarded: RunningRegistry, registry: HttpRegistry, credential: Credential | None, message: str
) -> None:
    """Without the right credential the error names the repository and what to apply."""
    repository = guarded.repository("app", credential)
    for attempt in (registry.tags(repository), registry.image(repository, "1.0.0")):
        with pytest.raises(CredentialError, match=message) as refusal:
            await attempt
        assert repository.url in str(refusal.value)
        assert refusal.value.url == repository.url
        assert "geheim" not in str(refusal.value)


async def test_goes_on_with_the_right_one(guarded: RunningRegistry, registry: HttpRegistry) -> None:
    """One credential's refusal does not stick to another, nor its success."""
    async with guarded.pusher() as pusher:
        await push_image(pusher, guarded.url, "app", "1.0.0", NOW)
    with pytest.raises(CredentialError):
        await registry.tags(guarded.repository("app"))
    assert await registry.tags(guarded.repository("app", CREDENTIAL)) == ["1.0.0"]
    with pytest.raises(CredentialError):
        await registry.tags(guarded.repository("app"))
    with pytest.raises(CredentialError):
        await registry.image(guarded.repository("app", Credential("ferryman", "x")), "1.0.0")
