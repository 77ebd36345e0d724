"""Promoting and deciding with Temporal alone: the `temporal` CLI, and the starter scripts."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import World
from tests.e2e.pipeline import PIPELINE, POLICY, PROMOTIONS

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


async def _run(world: World, *argv: str) -> tuple[int, str]:
    """Run a program as a user would; its exit code and everything that it said."""
    env = world.ferryman.env | {"FERRYMAN_TEMPORAL__ADDRESS": world.ferryman.temporal}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *argv, env=env, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def _temporal(world: World, *arguments: str) -> tuple[int, str]:
    program = str(Path(sys.executable).with_name("temporal"))
    return await _run(world, program, "--address", world.ferryman.temporal, *arguments)


async def _waiting(world: World) -> str:
    await world.push_image("0.6.0")
    text = PIPELINE.replace("REPO", world.repo_url)
    await world.ferryman.apply(world.secret() + POLICY + text)
    waiting = await world.ferryman.promotion("echo-server", "development", phase="Pending")
    return str(waiting["metadata"]["name"])


async def _reasons(world: World) -> dict[str, Any]:
    events = await world.ferryman.get("projects/echo-server/events")
    return {e["reason"]: e for e in events["items"]}


async def test_a_signal_approves_as_claimed_and_not_proven(world: World) -> None:
    """What the Temporal CLI signals counts as an approval, and is recorded as unproven."""
    name = await _waiting(world)
    code, said = await _temporal(
        world,
        *("workflow", "signal", "--workflow-id", f"promotion/echo-server/{name}"),
        *("--name", "approve", "--input", '{"by":"ann","comment":"ok"}'),
    )
    assert code == 0, said
    await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    approved = (await _reasons(world))["PromotionApproved"]
    assert "temporal:ann (unproven): ok" in json.dumps(approved)


async def test_an_approval_that_is_not_understood_is_recorded_as_refused(world: World) -> None:
    """A bad body is never swallowed: it is in the events, with what to write instead."""
    name = await _waiting(world)
    await _temporal(
        world,
        *("workflow", "signal", "--workflow-id", f"promotion/echo-server/{name}"),
        *("--name", "approve", "--input", '{"from":"ann"}'),
    )

    async def refused() -> bool:
        return "DecisionRefused" in await _reasons(world)

    await world.ferryman.until(refused)
    found = await world.ferryman.get(f"{PROMOTIONS}/{name}")
    assert found["status"]["phase"] == "Pending"


async def test_promote_from_the_temporal_cli(world: World) -> None:
    """The friendly workflow promotes by alias, and its result says how it went."""
    await world.push_image("0.6.0")
    await world.ferryman.apply(world.secret() + "---\n" + PIPELINE.replace("REPO", world.repo_url))
    first = await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    name = first["spec"]["freight"]
    alias = (await world.ferryman.get(f"projects/echo-server/freight/{name}"))["alias"]
    request = {"project": "echo-server", "stage": "development", "freight": alias}
    code, said = await _temporal(
        world,
        *("workflow", "execute", "--type", "Promote", "--task-queue", "ferryman"),
        *("--workflow-id", "x", "--input", json.dumps(request)),
    )
    assert code == 0, said
    assert "Succeeded" in said


async def test_a_promotion_that_cannot_be_fails_with_a_sentence(world: World) -> None:
    """Bad input does not hang in Running: the workflow fails and says why."""
    await _waiting(world)
    request = {"project": "echo-server", "stage": "development", "freight": "no-such-thing"}
    code, said = await _temporal(
        world,
        *("workflow", "execute", "--type", "Promote", "--task-queue", "ferryman"),
        *("--workflow-id", "x", "--input", json.dumps(request)),
    )
    assert code != 0
    assert "freight no-such-thing does not exist in project echo-server" in said


async def test_starter_scripts_do_the_same(world: World) -> None:
    """`python -m starter.approve` decides, `.refresh` discovers, `.promote` promotes."""
    name = await _waiting(world)
    code, said = await _run(
        world, sys.executable, "-m", "starter.approve", "echo-server", name, "--by", "ann"
    )
    assert code == 0, said
    first = await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    code, said = await _run(world, sys.executable, "-m", "starter.refresh", "echo-server", "images")
    assert code == 0, said
    await world.ferryman.apply(
        "\n---\n".join([POLICY.strip("-\n").replace("required: 1", "required: 0")])
    )
    code, said = await _run(
        world,
        *(sys.executable, "-m", "starter.promote"),
        *("echo-server", "development", first["spec"]["freight"], "--by", "ann"),
    )
    assert (code, said) == (0, "Succeeded \n")
