"""Secrets that hold more than a name and a password."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from activities.credentials import Credentials
from ferryman.domain.errors import CredentialError
from ferryman.domain.ports import GitHubApp
from ferryman.storage.store import Store
from tests.activities.conftest import git_secret
from tests.crew import Crew
from tests.pipelines import PROJECT, project

URL = "https://github.com/team/app.git"
APP = {
    "githubAppClientID": "Iv1.abc",
    "githubAppInstallationID": "77",
    "githubAppPrivateKey": "PEM",
}


@dataclass
class Tokens:
    """Gives the same token to all, and remembers to whom."""

    asked: list[tuple[GitHubApp, str]] = field(default_factory=list)

    async def token(self, app: GitHubApp, url: str) -> str:
        """Give it."""
        self.asked.append((app, url))
        return "a-token"


@pytest.fixture
def tokens() -> Tokens:
    """Whom GitHub Apps ask."""
    return Tokens()


@pytest.fixture
async def credentials(store: Store, crew: Crew, tokens: Tokens) -> Credentials:
    """Lookups in a Project of its own."""
    await crew.declare(project())
    return Credentials(store.resources, tokens=tokens)


async def test_a_github_app(credentials: Credentials, crew: Crew, tokens: Tokens) -> None:
    """An App's Secret speaks by the token of its installation, as GitHub wants it."""
    await crew.declare(git_secret(URL, "app", **APP))
    remote = await credentials.git(PROJECT, URL)
    assert remote.credential
    assert (remote.credential.username, remote.credential.password) == ("x-access-token", "a-token")
    assert remote.scope == f"{PROJECT}/app"
    assert tokens.asked == [(GitHubApp("Iv1.abc", "77", "PEM"), URL)]


async def test_an_app_by_its_older_id(credentials: Credentials, crew: Crew, tokens: Tokens) -> None:
    """The App's ID serves where there is no client ID."""
    app = {**APP, "githubAppID": "12345"}
    del app["githubAppClientID"]
    await crew.declare(git_secret(URL, "app", **app))
    await credentials.git(PROJECT, URL)
    assert tokens.asked[0][0].client_id == "12345"


@pytest.mark.parametrize("field", ["githubAppInstallationID", "githubAppPrivateKey"])
async def test_half_an_app(credentials: Credentials, crew: Crew, field: str) -> None:
    """What is missing is named, and waited for."""
    await crew.declare(git_secret(URL, "app", **{**APP, field: ""}))
    with pytest.raises(CredentialError, match=f"the Secret app has a GitHub App, but no {field}"):
        await credentials.git(PROJECT, URL)


async def test_keys_and_authorities(credentials: Credentials, crew: Crew) -> None:
    """A passphrase and an authority of one's own come with the credential."""
    data = {"sshPrivateKey": "KEY", "sshPrivateKeyPassphrase": "open", "caCert": "PEM"}
    await crew.declare(git_secret(URL, **data))
    found = (await credentials.git(PROJECT, URL)).credential
    assert found
    assert found.ssh_private_key == "KEY"
    assert (found.ssh_passphrase, found.ca_certificate) == ("open", "PEM")
