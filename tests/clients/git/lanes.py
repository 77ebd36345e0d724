"""A worker for the stress test: `python -m tests.clients.git.lanes DATA URL LANE…`.

Each lane makes its promotions one after the other, as a worker would: it goes on with a checkout
that an earlier process has left, and starts over where it cannot.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ferryman.clients.git import GitClient
from ferryman.domain.errors import NotFoundError, TemporaryError
from ferryman.domain.ports import GitRemote
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, push
from tests.servers.git import CREDENTIAL

EACH = 6
"""Promotions in a lane."""


async def work(data: Path, url: str, lanes: list[int]) -> None:
    """Make the promotions of these lanes, and tidy up all the while."""
    git, remote = GitClient(data, replace(OPTIONS, mirrors_idle=0.0)), GitRemote(url, CREDENTIAL)
    tidying = asyncio.create_task(_tidy(git))
    await asyncio.gather(*(_lane(git, remote, data.parent / "work", lane) for lane in lanes))
    tidying.cancel()
    git.close()


async def _lane(git: GitClient, remote: GitRemote, folder: Path, lane: int) -> None:
    for number in range(lane * EACH, (lane + 1) * EACH):
        done = folder / f"{number}.done"
        while not await asyncio.to_thread(done.exists):
            with suppress(TemporaryError, NotFoundError):  # then it is made again
                await _promote(git, remote, folder / f"{number}", number)
                await asyncio.to_thread(done.touch)


async def _promote(git: GitClient, remote: GitRemote, root: Path, number: int) -> None:
    step = f"p.{number}/3"
    try:
        checkout = await git.open(remote, root)
    except NotFoundError:
        checkout = await git.clone(remote, root, branch="main", hold=step)
    await checkout.materialise(f"env/{number}.yaml")
    file = root / "env" / f"{number}.yaml"
    await asyncio.to_thread(file.write_text, f"image: x:{number}\n")
    await commit(checkout, f"{number}", step=step)
    await push(checkout, remote, step=step, max_attempts=100)
    await git.release(root)


async def _tidy(git: GitClient) -> None:
    while True:
        await git.tidy()
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], [int(lane) for lane in sys.argv[3:]]))
