"""Aborting, retrying and skipping, with everything running: how soon, and how often."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

import pytest

from tests.e2e.conftest import World
from tests.e2e.pipeline import PIPELINE, POLICY, PROMOTIONS

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]
SOON = 5.0
"""Seconds until an abort is there; 2 are promised, to a machine that does nothing else."""


async def waiting(world: World, manifests: str) -> str:
    """A Promotion that waits for an approval."""
    await world.push_image("0.6.0")
    pipeline = PIPELINE.replace("REPO", world.repo_url)
    await world.ferryman.apply(manifests + POLICY + pipeline)
    found = await world.ferryman.promotion("echo-server", "development", phase="Pending")
    return str(found["metadata"]["name"])


async def status(world: World, name: str) -> Any:
    """How it is."""
    return (await world.ferryman.get(f"{PROMOTIONS}/{name}"))["status"]


async def ended(world: World, name: str, phase: str) -> Any:
    """Its status once it has that phase."""
    found: dict[str, Any] = {}

    async def look() -> bool:
        found.update(await status(world, name))
        return bool(found["phase"] == phase)

    await world.ferryman.until(look)
    return found


def fetching(world: World) -> bool:
    """Does a git of the worker still speak to the server?"""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return any("git" in line and world.repo_url in line for line in listed.stdout.splitlines())


async def aborted_in(world: World, name: str) -> float:
    """Abort it; seconds until it is Aborted and no process works on it any more."""
    clock = asyncio.get_running_loop().time
    began = clock()
    await world.ferryman.post(f"{PROMOTIONS}/{name}/abort", {"comment": "enough"})
    await ended(world, name, "Aborted")
    await world.ferryman.until(lambda: not fetching(world))
    return clock() - began


async def test_abort_then_retry_then_kill(world: World) -> None:
    """A fetch that hangs is ended soon; the retry asks its gate, and pushes once."""
    name = await waiting(world, world.secret())
    hold = world.turnstile.hold("git-upload-pack", "before")
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    await world.ferryman.until(hold.reached.is_set)
    assert fetching(world)
    assert await aborted_in(world, name) < SOON
    hold.released.set()
    found = await status(world, name)
    assert found["message"] == "aborted by admin: enough"
    again = await world.ferryman.post(f"{PROMOTIONS}/{name}/retry", {"reason": "again"})
    assert (again["status"]["phase"], again["status"]["run"]) == ("Pending", 2)
    lost = world.turnstile.hold("git-receive-pack", "after")
    await world.ferryman.until(lambda: _asks(world, name))
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    await world.ferryman.until(lost.reached.is_set)
    world.ferryman.kill()
    lost.released.set()
    await world.ferryman.start()
    found = await ended(world, name, "Succeeded")
    assert [r["phase"] for r in found["runs"]] == ["Aborted"]
    assert len(world.commits()) == 1
    log = (await world.ferryman.get(f"{PROMOTIONS}/{name}/logs"))["lines"]
    said = {(line["run"], line["step"]) for line in log}
    assert {(1, "1"), (2, "1"), (2, "4")} <= said
    assert any("it was there already" in line["text"] for line in log)


async def test_abort_a_step_that_waits(world: World) -> None:
    """A step that waits for a credential is ended as soon; it had no worker to be freed."""
    name = await waiting(world, "")
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")

    async def waits() -> bool:
        explained = await world.ferryman.get(f"{PROMOTIONS}/{name}/explain")
        return any(u["reason"] == "WaitingForCredentials" for u in explained.get("unmet", ()))

    await world.ferryman.until(waits)
    assert await aborted_in(world, name) < SOON


async def test_retry_behind_a_step_that_was_done_by_hand(world: World) -> None:
    """A push that is refused is overridden; the retry goes on after it, and ends well."""
    name = await waiting(world, world.secret())
    hook = world.repository.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today; exit 1\n")
    hook.chmod(0o755)
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    await ended(world, name, "Errored")
    step = f"{PROMOTIONS}/{name}/steps/step-4/override"
    said = {"reason": "pushed by hand", "outputs": {"commit": "abc"}, "retry": True}
    await world.ferryman.post(step, said)
    await world.ferryman.until(lambda: _asks(world, name))
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    found = await ended(world, name, "Succeeded")
    assert found["state"]["step-4"] == {"commit": "abc"}
    assert world.ferryman.executions(name, run=2) == {
        "git-clone": 0,
        "yaml-update": 0,
        "git-commit": 0,
        "git-push": 0,
    }


async def _asks(world: World, name: str) -> bool:
    waiting = (await status(world, name)).get("waiting", ())
    return any(u["reason"] == "WaitingForApproval" for u in waiting)
