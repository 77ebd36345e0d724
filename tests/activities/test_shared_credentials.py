"""Secrets and ConfigMaps that several Projects share, and what is said where nothing matches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from activities.credentials import Credentials
from ferryman.domain.errors import CredentialError
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, ConfigMap, Secret
from ferryman.storage.store import Store
from tests.activities.conftest import Dock, clone, git_secret
from tests.activities.test_evaluation import ECHO
from tests.crew import Crew
from tests.pipelines import PROJECT, project
from tests.servers.git import make_repository, running_git

SHARED = "kargo-shared-resources"
URL = "https://git.shop.dev/team/app.git"
REGEX = {"repoURLIsRegex": "true"}


@pytest.fixture
async def credentials(store: Store, crew: Crew) -> Credentials:
    """Lookups in a Project, and in those that it shares with others."""
    await crew.declare(project(), project(SHARED), project("older"), project("other"))
    return Credentials(store.resources, shared=[SHARED, "older"])


async def _user(credentials: Credentials, of: str = PROJECT) -> str:
    found = (await credentials.git(of, URL)).credential
    return found.username if found else ""


async def test_the_order(credentials: Credentials, crew: Crew) -> None:
    """The Project's own go first, also a pattern before a shared one that names the repository."""
    await crew.declare(git_secret(URL, of="older", username="oldest"))
    assert await _user(credentials) == "oldest"
    await crew.declare(git_secret("shop", of=SHARED, username="shared", **REGEX))
    assert await _user(credentials) == "shared"
    await crew.declare(git_secret(URL, "exact", of=SHARED, username="exactly shared"))
    assert await _user(credentials) == "exactly shared"
    await crew.declare(git_secret("shop", username="own", **REGEX))
    assert await _user(credentials) == "own"
    await crew.declare(git_secret(URL, "z", username="exactly own"))
    assert await _user(credentials) == "exactly own"
    assert await _user(credentials, of="other") == "exactly shared"


async def test_one_mirror_for_all(credentials: Credentials, crew: Crew) -> None:
    """Who speaks with the same shared Secret sees the same, and so may share a mirror."""
    await crew.declare(git_secret(URL, of=SHARED, username="shared"))
    scopes = {(await credentials.git(of, URL)).scope for of in (PROJECT, "other")}
    assert scopes == {f"{SHARED}/repo"}


async def test_what_was_looked_at(credentials: Credentials, crew: Crew) -> None:
    """Where nothing matches it is said, and what is wrong with those that cannot match at all."""
    assert (await credentials.git(PROJECT, URL)).unmatched == (
        f"{URL} was spoken to as nobody: no Secret labelled {CRED_TYPE}: git in {PROJECT} or "
        f"{SHARED} or older is for it (there is none)"
    )
    await crew.declare(
        git_secret("https://git.shop.dev/team/web", "web", username="ann"),
        git_secret("(", "bad", of=SHARED, **REGEX),
        git_secret("", "empty", of=SHARED),
    )
    unmatched = (await credentials.git(PROJECT, URL)).unmatched
    for words in ("'(' is not a regular expression", f"{SHARED}/empty, which has no repoURL"):
        assert words in unmatched
    assert f"(looked at {PROJECT}/web, {SHARED}/bad, which '('" in unmatched


async def test_many_that_were_looked_at(credentials: Credentials, crew: Crew) -> None:
    """Not all are named."""
    await crew.declare(*(git_secret("https://a.dev/b", f"s{n:02}") for n in range(30)))
    assert (await credentials.git(PROJECT, URL)).unmatched.endswith("s09, and 20 more)")


@pytest.mark.parametrize("data", [{}, {"token": "hunter2"}])
async def test_a_secret_without_a_credential(
    credentials: Credentials, crew: Crew, data: dict[str, str]
) -> None:
    """One that matches and holds nothing is named, and nobody is not tried instead."""
    await crew.declare(git_secret(URL, **data))
    with pytest.raises(CredentialError, match=f"the Secret {PROJECT}/repo is for .* no credential"):
        await credentials.git(PROJECT, URL)


async def test_a_step_that_is_refused(dock: Dock) -> None:
    """A clone of what nobody may see says which Secrets were looked at."""
    make_repository(dock.folder / "git" / "team" / "app.git", {"a": "b"})
    async with running_git(dock.folder / "git") as server:
        url = f"{server.url}/team/app.git"
        await dock.begin(clone(url))
        await dock.crew.declare(git_secret("https://elsewhere.dev/x", "mine", username="ann"))
        message = (await dock.run()).message
    assert "apply a Secret" in message
    assert f"{url} was spoken to as nobody" in message
    assert f"(looked at {PROJECT}/mine)" in message


async def test_shared_functions(dock: Dock) -> None:
    """`sharedSecret` reads Secrets of type generic, and `sharedConfigMap` ConfigMaps."""
    dock.kinds["echo"] = ECHO
    value = {
        "secret": "${{ sharedSecret('slack').token }}",
        "repository": "${{ keys(sharedSecret('repo')) }}",
        "own": "${{ keys(secret('slack')) }}",
        "map": "${{ sharedConfigMap('regions').eu }}",
    }
    await dock.begin({"uses": "echo", "config": {"value": value}})
    labels = {CRED_TYPE: "generic"}
    slack, regions = (Metadata(name=n, namespace=SHARED) for n in ("slack", "regions"))
    await dock.crew.declare(
        project(SHARED),
        Secret(metadata=slack.model_copy(update={"labels": labels}), data={"token": "hunter2"}),
        ConfigMap(metadata=regions, data={"eu": "eu-west-1"}),
        git_secret(URL, of=SHARED, username="ann"),
    )
    dock.runners["w1"] = replace(dock.runner(), shared_projects=[SHARED])
    await dock.run()
    record = await dock.record()
    told = {"secret": "hunter2", "repository": [], "own": [], "map": "eu-west-1"}
    assert record.output == {"value": told}
    assert record.sensitive
