"""A credential that is missing or refused is a wait that says what to apply."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import World
from tests.e2e.pipeline import PIPELINE

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


async def _warned(world: World, times: int) -> list[dict[str, Any]]:
    """The Stage's warnings, once there are so many."""
    found: list[dict[str, Any]] = []

    async def look() -> bool:
        events = (await world.ferryman.get("projects/echo-server/events"))["items"]
        found[:] = [
            e
            for e in events
            if e["reason"] == "WaitingForCredentials" and e["involvedObject"]["kind"] == "Stage"
        ]
        return len(found) >= times

    await world.ferryman.until(look)
    return found


async def test_the_promotion_goes_on_once_the_secret_is_there(world: World) -> None:
    """Without a Secret it warns on the Stage, naming the repository; a wrong one warns again."""
    await world.push_image("0.6.0")
    await world.ferryman.apply(PIPELINE.replace("REPO", world.repo_url))
    warning = (await _warned(world, 1))[0]
    assert warning["type"] == "Warning"
    assert world.repo_url.removesuffix(".git") in warning["message"].replace(".git", "")
    assert "Secret" in warning["message"]

    await world.ferryman.apply(world.secret().replace("sails", "oars"))
    refused = (await _warned(world, 2))[1]
    assert "oars" not in refused["message"]

    await world.ferryman.apply(world.secret())
    await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    stage = await world.ferryman.get("projects/echo-server/stages/development")
    assert stage["status"]["health"]["status"] == "Healthy"
    assert len(world.commits()) == 1
