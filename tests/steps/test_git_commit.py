"""git-commit: every difference, as one commit."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from activities.steps.git_commit import Config
from tests.servers.git import Repository
from tests.steps.conftest import Steps

WHO = "%an <%ae>|%cn <%ce>|%at"


async def pushed(steps: Steps, repository: Repository, form: str) -> str:
    """Push, and show the commit."""
    await steps.run("git-push", {"path": "./src"})
    return repository.git("log", "-1", f"--format={form}", "refs/heads/main")


async def test_the_commit(steps: Steps, repository: Repository) -> None:
    """It has the message, the step's trailer and date, and our author."""
    await steps.clone(repository)
    await steps.update()
    result = await steps.commit("Promote 1.1")
    us = "Ferryman <no-reply@ferryman.dev>"
    shown = await pushed(steps, repository, f"%H|{WHO}|%B")
    assert shown == (
        f"{result.output['commit']}|{us}|{us}|1767603600|"
        "Promote 1.1\n\nFerryman-Promotion: dev.x.y/3"
    )


async def test_nothing_differs(steps: Steps, repository: Repository) -> None:
    """Without a difference the step is Skipped, and tells the present commit."""
    await steps.clone(repository)
    result = await steps.commit()
    assert result.status == "Skipped"
    assert result.output == {"commit": repository.head()}


async def test_authors(steps: Steps, repository: Repository) -> None:
    """git-clone's author makes the commit; git-commit's own is named as its author."""
    await steps.clone(repository, author={"name": "Cleo", "email": "c@shop.dev"})
    await steps.update("1.1")
    await steps.commit()
    assert (await pushed(steps, repository, WHO)).startswith("Cleo <c@shop.dev>|Cleo <c@shop.dev>|")
    await steps.update("1.2")
    config = {"path": "./src", "message": "x", "author": {"name": "Ann", "email": "a@shop.dev"}}
    await steps.run("git-commit", config)
    assert (await pushed(steps, repository, WHO)).startswith("Ann <a@shop.dev>|Cleo <c@shop.dev>|")


async def test_run_again(steps: Steps, repository: Repository) -> None:
    """With pins the same commit comes out, even where the secrets are not known any more."""
    steps.secrets = ("hunter2",)
    cloned = await steps.clone(repository)
    await steps.update()
    first = await steps.commit("Set hunter2")
    await steps.git.release(steps.workspace.root / "src")
    await steps.workspace.clear()
    steps.done, steps.secrets = 0, ()
    steps.workspace.begin("1")
    config = {"repoURL": repository.file_remote().url, "checkout": [{"path": "./src"}]}
    await steps.run("git-clone", config, pins=cloned.pins)
    await steps.update()
    assert await steps.commit("Set hunter2", pins=first.pins) == first


async def test_secrets_in_the_message(steps: Steps, repository: Repository) -> None:
    """A secret that was read does not go into a message."""
    steps.secrets = ("hunter2",)
    await steps.clone(repository)
    await steps.update()
    await steps.commit("Set the password to hunter2")
    assert (await pushed(steps, repository, "%s")) == "Set the password to ***"


@pytest.mark.parametrize("field", ["path", "message"])
def test_what_is_required(field: str) -> None:
    """Path and message may not be empty."""
    with pytest.raises(ValidationError, match=field):
        Config.load({"path": "./src", "message": "x", field: ""})
