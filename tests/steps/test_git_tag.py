"""git-tag, and git-push of a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from activities.steps.git_tag import Config
from ferryman.domain.errors import ConflictError, FencedError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

TAG: Mapping[str, Any] = {"path": "./src", "tag": "v1", "message": "Release 1"}
PUSH: Mapping[str, Any] = {"path": "./src", "tag": "v1"}


async def test_the_whole_way(steps: Steps, repository: Repository) -> None:
    """Commit, push, tag, push: the tag names the commit that was pushed."""
    await steps.clone(repository)
    await steps.update()
    await steps.commit()
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    pushed = await steps.run("git-push", {"path": "./src"})
    tagged = await steps.run("git-tag", TAG)
    result = await steps.run("git-push", PUSH)
    assert tagged.output == result.output == {"commit": pushed.output["commit"]}
    assert repository.git("rev-parse", "v1^{commit}") == repository.head()
    shown = repository.git("for-each-ref", "--format=%(taggername) %(contents)", "refs/tags")
    assert shown == "Ferryman Release 1\n\nFerryman-Promotion: dev.x.y/5"


async def test_run_again(steps: Steps, repository: Repository) -> None:
    """With its pins it makes the same tag, though the remote has it by now at another commit."""
    await steps.clone(repository)
    first = await steps.run("git-tag", TAG)
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    repository.git("tag", "v1", "main")
    tree = await steps.workspace.fingerprint()
    steps.done -= 1
    assert await steps.run("git-tag", TAG, pins=first.pins) == first
    assert await steps.workspace.fingerprint() == tree


async def test_a_name_that_is_taken(steps: Steps, repository: Repository) -> None:
    """It is refused by its name at another commit, taken at this one, and replaced by force."""
    here = repository.head()
    await steps.clone(repository)
    repository.git("tag", "v1", here)
    assert (await steps.run("git-tag", TAG)).output == {"commit": here}
    assert (await steps.run("git-push", PUSH)).output == {"commit": here}
    await steps.update()
    await steps.commit()
    with pytest.raises(ConflictError, match=f"has the tag 'v1' already, at {here[:7]}"):
        await steps.run("git-tag", TAG)
    await steps.run("git-tag", {**TAG, "force": True})
    with pytest.raises(ConflictError, match="set force to replace it"):
        await steps.run("git-push", PUSH)
    await steps.run("git-push", {**PUSH, "force": True})
    assert repository.git("rev-parse", "v1^{commit}") != here


async def test_the_fence(steps: Steps, repository: Repository) -> None:
    """Who lost its step does not push the tag."""
    await steps.clone(repository)
    await steps.run("git-tag", TAG)
    steps.fenced = FencedError("too late")
    with pytest.raises(FencedError):
        await steps.run("git-push", PUSH)
    assert repository.git("tag") == ""


async def test_getting_past_a_push(steps: Steps, repository: Repository) -> None:
    """When a tree is rebuilt, a pushed tag does not move it."""
    await steps.clone(repository)
    await steps.run("git-tag", TAG)
    pushed = await steps.run("git-push", PUSH)
    await steps.update()
    await steps.commit()
    tree = await steps.workspace.fingerprint()
    await steps.run("git-push", PUSH, pins=pushed.pins, replay=True)
    assert await steps.workspace.fingerprint() == tree


@pytest.mark.parametrize("field", ["path", "tag", "message"])
def test_what_is_required(field: str) -> None:
    """Path, tag and message may not be empty; what else is given is let pass."""
    with pytest.raises(ValidationError, match=field):
        Config.load({**TAG, field: ""})
    Config.load({**TAG, "more": 1})
