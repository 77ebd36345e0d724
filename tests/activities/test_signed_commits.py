"""Commits that are signed: by whose key, and the same again when a tree is rebuilt."""

from __future__ import annotations

import pytest

from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.project import Project
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import Secret
from tests.activities.conftest import PUSH, Dock, clone, commit, update, whole
from tests.clients.git.keys import gpg_key, ssh_key
from tests.servers.git import Repository

pytestmark = pytest.mark.slow

SYSTEM = "kargo-system-resources"
CLUSTER = ClusterConfig.load(
    {
        "metadata": {"name": "cluster"},
        "spec": {
            "gitClient": {
                "name": "Release bot",
                "email": "ann@example.com",
                "signingKeySecret": {"name": "signer"},
            }
        },
    }
)


async def test_the_same_on_every_disk(dock: Dock, repository: Repository) -> None:
    """Each step on another worker: what was signed at first is what is pushed."""
    author = {"name": "Ann", "email": "ann@example.com", "signingKey": gpg_key().private}
    cloned = clone(repository.file_remote().url)
    cloned["config"] = {**cloned["config"], "author": author}
    await dock.begin(cloned, update("1.1"), commit(), PUSH)
    for number in (1, 2, 3, 4):
        assert (await dock.run(number, worker=f"w{number}")).status == "Succeeded"
    committed = (await dock.record(3)).output["commit"]
    assert committed == repository.head()
    assert gpg_key().verifies(repository, committed)


async def test_the_key_of_the_cluster_config(dock: Dock, repository: Repository) -> None:
    """It commits and signs where no step says who; without its Secret the step waits."""
    await dock.begin(*whole(repository))
    await dock.crew.declare(Project(metadata=Metadata(name=SYSTEM)), CLUSTER)
    waiting = await dock.run(1)
    assert waiting.status == "Running"
    assert "signingKey of the Secret signer" in waiting.waiting_for
    key = Secret(
        metadata=Metadata(name="signer", namespace=SYSTEM), data={"signingKey": ssh_key().private}
    )
    await dock.crew.declare(key)
    for number in (1, 2, 3, 4):
        assert (await dock.run(number, attempt=2)).status == "Succeeded"
    assert ssh_key().verifies(repository, repository.head())
    assert repository.git("log", "-1", "--format=%an <%ae>", "main") == (
        "Release bot <ann@example.com>"
    )
