"""kill -9 of server, worker and Temporal at every point of a Promotion; and a frozen worker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest

from tests.e2e.conftest import World
from tests.e2e.pipeline import CROWD, LOOP, PIPELINE, POLICY, PROMOTIONS
from tests.servers.turnstile import Hold

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

Point = Literal["before clone", "in a step", "after commit", "after push", "at the gate"]


def _hold(world: World, point: Point) -> Hold | None:
    turnstile = world.turnstile
    match point:
        case "before clone":
            return turnstile.hold("git-upload-pack", "greeting")
        case "in a step":
            return turnstile.hold("git-upload-pack", "before")
        case "after commit":
            return turnstile.hold("git-receive-pack", "greeting")
        case "after push":
            return turnstile.hold("git-receive-pack", "after")
        case "at the gate":
            return None


async def _waiting_for_approval(world: World, pipeline: str = PIPELINE) -> str:
    await world.push_image("0.6.0")
    pipeline = pipeline.replace("REPO", world.repo_url)
    await world.ferryman.apply(world.secret() + POLICY + pipeline)
    waiting = await world.ferryman.promotion("echo-server", "development", phase="Pending")
    return str(waiting["metadata"]["name"])


@pytest.mark.parametrize(
    "point", ["before clone", "in a step", "after commit", "after push", "at the gate"]
)
async def test_one_commit_after_everything_was_killed(world: World, point: Point) -> None:
    """Whatever dies, the next start goes on: one commit, and no finished step runs again."""
    name = await _waiting_for_approval(world)
    hold = _hold(world, point)
    approve = f"{PROMOTIONS}/{name}/approve"
    if hold:
        await world.ferryman.post(approve)
        await world.ferryman.until(hold.reached.is_set)
    world.ferryman.kill()
    if hold:
        hold.released.set()
    await world.ferryman.start()
    if not hold:
        await world.ferryman.post(approve)
    await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    assert len(world.commits()) == 1
    begun = world.ferryman.executions(name)
    interrupted = "git-push" if point.startswith("after") else "git-clone"
    again = {interrupted} if hold else set()
    assert {kind for kind, times in begun.items() if times > 1} <= again
    assert len(begun) == 4


async def test_a_loop_goes_on_at_the_lost_step(world: World) -> None:
    """Killed after the second of three items was pushed: each is pushed once, in order."""
    name = await _waiting_for_approval(world, LOOP)
    first = world.turnstile.hold("git-receive-pack", "after")
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    await world.ferryman.until(first.reached.is_set)
    second = world.turnstile.hold("git-receive-pack", "after")
    first.released.set()
    await world.ferryman.until(second.reached.is_set)
    world.ferryman.kill()
    second.released.set()
    await world.ferryman.start()
    done = await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    stages = ("development", "staging", "production")
    said = world.repository.git("log", "--reverse", "--format=%s", "master").splitlines()
    assert said[1:] == [f"Release to {stage}" for stage in stages]
    begun = world.ferryman.executions(name, by="path")
    assert [path for path, times in begun.items() if times > 1] == ["stages[staging]::release::3"]
    assert [s["path"] for s in done["status"]["stepExecutionMetadata"]] == [
        "1",
        "2",
        *(f"stages[{stage}]::release::{number}" for stage in stages for number in (1, 2, 3)),
    ]


async def test_a_group_that_was_pushed_is_not_pushed_again(world: World) -> None:
    """Killed after the server took the push that two Promotions shared: each has one commit."""
    first = world.turnstile.hold("git-receive-pack", "after")
    await world.push_image("0.6.0")
    await world.ferryman.apply(world.secret() + "---" + CROWD.replace("REPO", world.repo_url))

    async def all_push() -> bool:
        return await _said(world, "pushing to ") == 3

    await world.ferryman.until(all_push)
    shared = world.turnstile.hold("git-receive-pack", "after")
    first.released.set()
    await world.ferryman.until(shared.reached.is_set)
    assert len(world.commits()) == 3
    world.ferryman.kill()
    shared.released.set()
    await world.ferryman.start()
    for stage in ("development", "staging", "production"):
        await world.ferryman.promotion("echo-server", stage, phase="Succeeded")
    assert len(world.commits()) == 3
    assert world.turnstile.passed["git-receive-pack"] == 2


async def _said(world: World, text: str) -> int:
    """In how many Promotions a step has said this."""
    names = [it["metadata"]["name"] for it in (await world.ferryman.get(PROMOTIONS))["items"]]
    logs = [(await world.ferryman.get(f"{PROMOTIONS}/{name}/logs"))["lines"] for name in names]
    return sum(any(text in line["text"] for line in lines) for lines in logs)


async def test_a_frozen_worker_that_wakes_up_does_nothing(world: World) -> None:
    """Another worker takes over from a frozen one, and its late push does not happen."""
    name = await _waiting_for_approval(world)
    hold = world.turnstile.hold("git-receive-pack", "greeting")
    await world.ferryman.post(f"{PROMOTIONS}/{name}/approve")
    await world.ferryman.until(hold.reached.is_set)
    world.ferryman.kill(freeze=True)
    async with second_worker(world):
        await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
        hold.released.set()
        world.ferryman.thaw()
        events = await world.ferryman.get("projects/echo-server/events")
        assert events["items"]
    assert len(world.commits()) == 1


@asynccontextmanager
async def second_worker(world: World) -> AsyncIterator[None]:
    """A worker on a disk of its own, over the same store and Temporal."""
    ferryman = world.ferryman
    log = (ferryman.folder / "second-worker.log").open("wb")
    variables = {
        "FERRYMAN_DATA": str(ferryman.folder / "second"),
        "FERRYMAN_DATABASE_URL": f"sqlite:///{ferryman.data}/ferryman.db",
        "FERRYMAN_ENCRYPTION_KEY": (ferryman.data / "key").read_text().strip(),
        "FERRYMAN_TEMPORAL__ADDRESS": ferryman.temporal,
    }
    process = subprocess.Popen(  # noqa: ASYNC220 - starting takes a millisecond
        [sys.executable, "-m", "worker"], env=ferryman.env | variables, stdout=log, stderr=log
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()
