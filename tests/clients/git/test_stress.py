"""Many promotions on one mirror, in processes that are killed: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import pytest

from tests.clients.git.lanes import EACH
from tests.servers.git import Repository, make_repository, running_git

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

_LANES = ((0, 1, 2, 3), (4, 5, 6, 7))
_KILLS = 6


async def test_kills_among_eight_lanes(tmp_path: Path) -> None:
    """Two processes clone, commit, push, release and tidy; killed often, each commit lands once."""
    total = EACH * sum(map(len, _LANES))
    files = {f"env/{number}.yaml": "image: x:first\n" for number in range(total)}
    repository = make_repository(tmp_path / "remotes" / "shop.git", files)
    (tmp_path / "work").mkdir()
    chance = random.Random(7)  # noqa: S311 — when to kill
    async with running_git(repository.path.parent) as served:
        url = served.remote("shop").url
        running = [await _started(tmp_path, url, lanes) for lanes in _LANES]
        for kill in range(_KILLS):
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            which = kill % len(_LANES)
            if running[which].returncode is None:
                running[which].kill()
                await running[which].wait()
                running[which] = await _started(tmp_path, url, _LANES[which])
        assert [await each.wait() for each in running] == [0, 0]
    assert sorted(repository.subjects()) == sorted(["First", *map(str, range(total))])
    assert {repository.show(f"env/{n}.yaml") for n in range(total)} == {
        f"image: x:{n}" for n in range(total)
    }
    (mirror,) = (tmp_path / "data" / "mirrors").glob("*.git")
    assert Repository(mirror).git("for-each-ref", "refs/ferryman", "refs/ferryman-scratch") == ""
    Repository(mirror).git("fsck", "--strict")


async def _started(folder: Path, url: str, lanes: tuple[int, ...]) -> asyncio.subprocess.Process:
    argv = [sys.executable, "-m", "tests.clients.git.lanes", str(folder / "data"), url]
    return await asyncio.create_subprocess_exec(*argv, *map(str, lanes))
