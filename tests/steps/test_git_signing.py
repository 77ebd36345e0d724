"""Who signs what steps commit and tag."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from activities.steps import STEPS
from tests.clients.git.keys import gpg_key, ssh_key
from tests.servers.git import Repository
from tests.steps.conftest import FERRYMAN, Steps

pytestmark = pytest.mark.slow

PUSH = {"path": "./src"}
ANN: dict[str, Any] = {"name": "Ann", "email": "ann@example.com"}


async def test_the_author_of_the_clone(steps: Steps, repository: Repository) -> None:
    """git-clone's author signs commits, rebased ones and tags, and the key is on no disk."""
    key = ssh_key()
    await steps.clone(repository, author={**ANN, "signingKey": key.private})
    await steps.update()
    await steps.commit()
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    pushed = await steps.run("git-push", PUSH)
    await steps.run("git-tag", {**PUSH, "tag": "v1", "message": "One"})
    await steps.run("git-push", {**PUSH, "tag": "v1"})
    assert key.verifies(repository, pushed.output["commit"])
    assert key.verifies(repository, "v1", verb="verify-tag")
    assert repository.git("log", "-1", "--format=%an %cn", "main") == "Ann Ann"
    assert "PRIVATE KEY" not in (steps.workspace.folder / "state.json").read_text()


async def test_our_own_key(steps: Steps, repository: Repository) -> None:
    """Without an author our own key signs; an author without a key is not signed for."""
    key = gpg_key()
    steps.author = replace(FERRYMAN, signing_key=key.private)
    await steps.clone(repository)
    await steps.update()
    await steps.commit()
    pushed = await steps.run("git-push", PUSH)
    assert key.verifies(repository, pushed.output["commit"])


async def test_an_author_without_a_key(steps: Steps, repository: Repository) -> None:
    """Our key vouches for us alone: who commits under another name is not signed for."""
    steps.author = replace(FERRYMAN, signing_key=ssh_key().private)
    await steps.clone(repository, author=ANN)
    await steps.update()
    made = await steps.commit()
    assert "signature" not in made.pins


async def test_the_author_of_a_commit(steps: Steps, repository: Repository) -> None:
    """git-commit's author with a key commits and signs, also when the push rebases."""
    key = ssh_key()
    await steps.clone(repository)
    await steps.update()
    await steps.commit(author={**ANN, "signingKey": key.private})
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    pushed = await steps.run("git-push", PUSH)
    assert key.verifies(repository, pushed.output["commit"])
    assert repository.git("log", "-1", "--format=%an %cn", "main") == "Ann Ann"


async def test_who_signs_a_tag(steps: Steps, repository: Repository) -> None:
    """A tag may have a signer of its own."""
    key = ssh_key()
    await steps.clone(repository)
    tag = {**PUSH, "tag": "v1", "message": "One", "signer": {**ANN, "signingKey": key.private}}
    await steps.run("git-tag", tag)
    await steps.run("git-push", {**PUSH, "tag": "v1"})
    assert key.verifies(repository, "v1", verb="verify-tag")


async def test_run_again(steps: Steps, repository: Repository) -> None:
    """The signature is pinned: the same commit comes out again, with another key or none."""
    cloned = await steps.clone(repository, author={**ANN, "signingKey": ssh_key().private})
    await steps.update()
    first = await steps.commit()
    await steps.git.release(steps.workspace.root / "src")
    await steps.workspace.clear()
    steps.done = 0
    steps.workspace.begin("1")
    again = {**ANN, "signingKey": gpg_key().private}
    await steps.clone(repository, author=again, pins=cloned.pins)
    await steps.update()
    assert await steps.commit(pins=first.pins) == first


def test_a_key_is_not_shown() -> None:
    """A config that is printed does not show its key."""
    config = {"path": "a", "message": "b", "author": {**ANN, "signingKey": "hunter2"}}
    assert "hunter2" not in repr(STEPS["git-commit"].config.load(config))
