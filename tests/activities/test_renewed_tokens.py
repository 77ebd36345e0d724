"""Tokens that are renewed: a new one is no new source, no new account, and no new first look."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from activities.credentials import Credentials
from ferryman.clients.cloud_tokens import CloudOptions, CloudTokens
from ferryman.clients.registry.basic import basic
from ferryman.domain.cloud_keys import CloudKey
from ferryman.domain.ports import Credential, GitHubApp
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.storage import tables
from ferryman.storage.store import Store
from server.demo.images import push_image
from tests.activities.conftest import git_secret
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW, PROJECT, project
from tests.servers.asgi import Application, serving
from tests.servers.faulty_proxy import faulty_proxy
from tests.servers.git import CREDENTIAL, make_repository, running_git
from tests.servers.registry import running_registry

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop"
AWS = {"awsAccessKeyID": "AKID", "awsSecretAccessKey": "SECRET"}
AZURE = {"azureTenantID": "shop.dev", "azureClientID": "ID", "azureClientSecret": "SECRET"}
GOOGLE = {"gcpServiceAccountKey": '{"client_email": "a@b.c", "private_key": "PEM"}'}
APP = {"githubAppID": "1", "githubAppInstallationID": "77", "githubAppPrivateKey": "PEM"}


@dataclass
class Issuer:
    """Gives another token each time it is asked: to clouds' keys, and to GitHub Apps."""

    newest: Credential = field(default_factory=lambda: Credential("", ""))
    issued: int = 0

    async def credential(self, _key: CloudKey, _url: str) -> Credential:
        """For a registry."""
        return self._issue("AWS")

    async def token(self, _app: GitHubApp, _url: str) -> str:
        """For a repository."""
        return self._issue("x-access-token").password

    def _issue(self, username: str) -> Credential:
        self.issued += 1
        self.newest = Credential(username, f"token-{self.issued}")
        return self.newest


@dataclass
class Gate:
    """An ASGI application: lets who has the newest token in to what is `behind`, as CREDENTIAL."""

    behind: Application
    issuer: Issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or ask who that is."""
        others = [pair for pair in scope["headers"] if pair[0] != b"authorization"]
        if Request(scope).headers.get("Authorization") == basic(self.issuer.newest):
            known = (b"authorization", basic(CREDENTIAL).encode())
            await self.behind(dict(scope) | {"headers": [*others, known]}, receive, send)
        else:
            headers = {"WWW-Authenticate": 'Basic realm="cloud"'}
            await Response(status_code=401, headers=headers)(scope, receive, send)


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


def secret(url: str, name: str = "cloud", **key: str) -> Secret:
    """A Secret with the key of a cloud."""
    metadata = Metadata(name=name, namespace=PROJECT, labels={CRED_TYPE: "image"})
    return Secret(metadata=metadata, data={"repoURL": url, **key})


async def sources(store: Store) -> int:
    """How many sources are known."""
    async with store.database.read() as connection:
        return (
            await connection.execute(select(func.count()).select_from(tables.source))
        ).scalar_one()


@pytest.mark.servers
async def test_a_registry(lookout: Lookout, crew: Crew, tmp_path: Path) -> None:
    """With another token for each look there is one source still, and one list an interval."""
    issuer = Issuer()
    lookout.grant(credentials=Credentials(crew.store.resources, clouds=issuer))
    with running_registry(tmp_path) as running:
        async with running.pusher() as pusher:
            await push_image(pusher, running.url, "shop", "1.0.0", NOW)
        async with faulty_proxy(running.url) as proxy, serving(Gate(proxy, issuer)) as url:
            place = f"{httpx.URL(url).netloc.decode()}/shop"
            names = ["app", "other", "third"]
            for name in names:
                await lookout.declare({"image": {"repoURL": place}}, name=name)
            await crew.declare(secret(place, **AWS))
            for interval in (1, 2):
                for name in names:
                    assert (await lookout.discover(name, scheduled=True)).message == ""
                assert proxy.asked.count("GET /v2/shop/tags/list") == interval
                crew.later(minutes=5)
    assert issuer.issued == 2 * len(names)
    assert await sources(crew.store) == 1


async def test_a_git_repository(lookout: Lookout, crew: Crew, tmp_path: Path) -> None:
    """So it is with the tokens of a GitHub App: refs are asked for once an interval."""
    make_repository(tmp_path / "remotes" / "app.git")
    async with running_git(tmp_path / "remotes") as git:
        issuer = Issuer()
        lookout.grant(credentials=Credentials(crew.store.resources, tokens=issuer))
        async with serving(Gate(git.server.app, issuer)) as url:
            for name in ("app", "other"):
                await lookout.declare({"git": {"repoURL": f"{url}/app.git"}}, name=name)
            await crew.declare(git_secret(f"{url}/app.git", "github", **APP))
            looks = [await lookout.discover(name, scheduled=True) for name in ("app", "other")]
            first = git.server.requests["info/git-upload-pack"]
            crew.later(minutes=5)
            looks += [await lookout.discover(name, scheduled=True) for name in ("app", "other")]
            second = git.server.requests["info/git-upload-pack"] - first
    assert [look.message for look in looks] == [""] * 4
    assert issuer.issued == 4
    assert second == 1
    assert await sources(crew.store) == 1


@pytest.mark.parametrize("key", [AWS, AZURE, GOOGLE])
async def test_identities(store: Store, crew: Crew, key: dict[str, str]) -> None:
    """Who it is hangs on the key: not on the token, nor on which Secret holds the key."""
    credentials = Credentials(store.resources, clouds=Issuer())
    other = {
        name: value.replace("SECRET", "OTHER").replace("PEM", "OTHER")
        for name, value in key.items()
    }
    await crew.declare(project(), secret(f"{ECR}/a", **key), secret(f"{ECR}/b", "b", **key))
    await crew.declare(secret(f"{ECR}/c", "c", **other))
    found = [(await credentials.image(PROJECT, f"{ECR}/{name}")).credential for name in "aabc"]
    known = [credential for credential in found if credential]
    assert len({credential.password for credential in known}) == 4
    first, again, elsewhere, another = (credential.identity for credential in known)
    assert first == again == elsewhere != another
    assert all(value not in str(known) for value in first)


async def test_a_token_endpoint(store: Store, crew: Crew) -> None:
    """A day later AWS gives another password, and it is the same account."""
    now, asked = [datetime(2026, 1, 5, 9, tzinfo=UTC)], 0

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal asked
        asked += 1
        token = base64.b64encode(f"AWS:token-{asked}".encode()).decode()
        expires = (now[0] + timedelta(hours=12)).timestamp()
        given = {"authorizationToken": token, "expiresAt": expires}
        await JSONResponse({"authorizationData": [given]})(scope, receive, send)

    await crew.declare(project(), secret(ECR, **AWS))
    async with serving(endpoint) as url:
        clouds = CloudTokens(CloudOptions(aws=f"{url}/"), clock=lambda: now[0])
        credentials = Credentials(store.resources, clouds=clouds)
        before = (await credentials.image(PROJECT, ECR)).credential
        now[0] += timedelta(days=1)
        after = (await credentials.image(PROJECT, ECR)).credential
        await clouds.aclose()
    assert before
    assert after
    assert (before.password, after.password) == ("token-1", "token-2")
    assert before.identity == after.identity
