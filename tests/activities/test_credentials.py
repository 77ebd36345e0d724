"""Which Secret speaks for a repository."""

from __future__ import annotations

import pytest

from activities.credentials import Credentials
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.storage.store import Store
from tests.activities.conftest import git_secret
from tests.crew import Crew
from tests.pipelines import PROJECT, project

URL = "https://git.shop.dev/team/app.git"


@pytest.fixture
async def credentials(store: Store, crew: Crew) -> Credentials:
    """Lookups in a Project of its own, beside another."""
    await crew.declare(project(), project("other"))
    return Credentials(store.resources)


async def test_nothing_found(credentials: Credentials) -> None:
    """Without a Secret it is spoken to as nobody, in a scope that all nobodies share."""
    remote = await credentials.git(PROJECT, URL, insecure_skip_tls_verify=True)
    assert (remote.url, remote.credential, remote.scope) == (URL, None, "anonymous")
    assert remote.insecure_skip_tls_verify


async def test_exact_before_pattern(credentials: Credentials, crew: Crew) -> None:
    """The Secret that names the repository goes before one whose pattern matches it."""
    pattern = {"repoURLIsRegex": "true", "username": "all"}
    await crew.declare(
        git_secret("^https://git.shop.dev/.*", "a-pattern", **pattern),
        git_secret(URL, "z-exact", username="one"),
    )
    remote = await credentials.git(PROJECT, URL)
    assert remote.credential
    assert (remote.credential.username, remote.scope) == ("one", f"{PROJECT}/z-exact")
    other = await credentials.git(PROJECT, "https://git.shop.dev/team/web")
    assert other.credential
    assert other.credential.username == "all"


@pytest.mark.parametrize(
    "written", ["https://GIT.shop.dev/team/app", "https://ann@git.shop.dev/team/app/", f"{URL}"]
)
async def test_spellings(credentials: Credentials, crew: Crew, written: str) -> None:
    """However the Secret writes the URL, it is the same repository."""
    await crew.declare(git_secret(written, username="ann"))
    assert (await credentials.git(PROJECT, URL)).credential


async def test_other_projects(credentials: Credentials, crew: Crew) -> None:
    """Another Project's Secret is not for us."""
    await crew.declare(git_secret(URL, of="other", username="them"))
    assert (await credentials.git(PROJECT, URL)).credential is None


async def test_a_bad_pattern(credentials: Credentials, crew: Crew) -> None:
    """A pattern that is none is passed over; the next one may match."""
    regex = {"repoURLIsRegex": "TRUE"}
    await crew.declare(
        git_secret("(", "a", **regex), git_secret("shop", "b", **regex, username="b")
    )
    remote = await credentials.git(PROJECT, URL)
    assert remote.scope == f"{PROJECT}/b"


async def test_images_are_not_git(credentials: Credentials, crew: Crew) -> None:
    """Each kind of credential is for its own kind of repository; Docker Hub has many names."""
    metadata = Metadata(name="hub", namespace=PROJECT, labels={CRED_TYPE: "image"})
    data = {"repoURL": "docker.io/library/nginx", "username": "ann", "password": "hunter2"}
    await crew.declare(Secret(metadata=metadata, data=data))
    found = await credentials.image(PROJECT, "nginx")
    assert found.credential
    assert found.credential.password == "hunter2"
    assert "hunter2" not in repr(found)
    assert (await credentials.git(PROJECT, "https://docker.io/library/nginx")).credential is None
