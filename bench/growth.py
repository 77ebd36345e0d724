"""Whether Promotions take longer the more there were, and the larger the repository is.

A whole Ferryman, from `promote` until the Promotion has Succeeded; the alternative is the smallest
of the same kind.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bench.git_race import CREDENTIAL, make_remote, serving
from bench.made_repository import MadeRepository
from bench.promotion import make_freight, project, stage
from tests.e2e.installation import Installation

_COUNTS = (10, 100, 1_000)
_STAGES = 10
_SIZES = (1_000, 10_000, 100_000)
_SAMPLES = 10
"""Promotions that are measured at each point, one after the other."""
_MOST = 1.5
"""Times as long as at the smallest point."""


class _Promoter:
    """Promotes new Freight every time."""

    def __init__(self, ferryman: Installation, client: httpx.AsyncClient) -> None:
        self._ferryman = ferryman
        self._client = client
        self._freight = 0
        self.made = 0
        """How many Promotions there were."""

    async def once(self, *stages: str) -> float:
        """Promote new Freight to Stages, to all at once; the seconds until all have Succeeded."""
        self._freight += 1
        self.made += len(stages)
        await make_freight(self._ferryman, self._freight)
        began = time.perf_counter()
        await asyncio.gather(*(self._promote(each) for each in stages))
        return time.perf_counter() - began

    async def _promote(self, to: str) -> None:
        answer = await self._client.post(
            f"/v1beta1/projects/bench/stages/{to}/promotions",
            json={"freightAlias": f"bench-{self._freight}"},
        )
        name = answer.raise_for_status().json()["metadata"]["name"]
        while True:
            answer = await self._client.get(f"/v1beta1/projects/bench/promotions/{name}")
            phase = answer.raise_for_status().json()["status"]["phase"]
            if phase == "Succeeded":
                return
            assert phase in {"Pending", "Running"}, answer.text
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _running(
    folder: Path, repositories: Sequence[MadeRepository], stages: int
) -> AsyncIterator[_Promoter]:
    """Run a Ferryman with so many Stages for each repository, `<files>-<number>`."""
    remotes, accounts = folder / "remotes", folder / "accounts"
    for made in repositories:
        await asyncio.to_thread(make_remote, remotes / f"{made.files}.git", made.history())
    await asyncio.to_thread(accounts.write_text, f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    ferryman = Installation(folder)
    async with serving(remotes, accounts) as url:
        try:
            await ferryman.start()
            lanes = (
                stage(_lane(made, number), f"{url}/{made.files}.git", made.path(number), "image")
                for made in repositories
                for number in range(stages)
            )
            await ferryman.apply(project(url) + "".join(lanes))
            async with ferryman.client() as client:
                yield _Promoter(ferryman, client)
        finally:
            ferryman.stop()


def _lane(made: MadeRepository, number: int = 0) -> str:
    """The name of a Stage of that repository."""
    return f"files-{made.files}-{number}"


async def _by_count(folder: Path) -> dict[int, float]:
    """Return how long Promotions take after so many, by their count."""
    repository, found = MadeRepository(files=_SIZES[0], commits=100, size=500), dict[int, float]()
    lanes = [_lane(repository, number) for number in range(_STAGES)]
    async with _running(folder, [repository], _STAGES) as promoter:
        await promoter.once(lanes[0])  # fills the mirror
        promoter.made = 0
        for count in _COUNTS:
            while promoter.made < count - _SAMPLES:
                await promoter.once(*lanes)
            taken = [await promoter.once(lanes[0]) for _ in range(_SAMPLES)]
            found[count] = statistics.median(taken)
    return found


async def _by_size(folder: Path) -> dict[int, float]:
    """Return how long Promotions take in repositories, by their count of files."""
    repositories = [MadeRepository(files=files, commits=100, size=500) for files in _SIZES]
    taken: dict[int, list[float]] = {made.files: [] for made in repositories}
    async with _running(folder, repositories, 1) as promoter:
        for turn in range(_SAMPLES + 1):
            for made in repositories:
                took = await promoter.once(_lane(made))
                if turn:  # the first fills the mirror
                    taken[made.files].append(took)
    return {files: statistics.median(times) for files, times in taken.items()}


def _show(what: str, found: dict[int, float]) -> bool:
    """Print a row for each but the smallest; whether all are within the bound."""
    smallest, *others = found
    for each in others:
        mine, least = found[each], found[smallest]
        print(
            f"| {what.format(each)}, against {smallest:,} | {mine * 1000:.0f} ms "
            f"| {least * 1000:.0f} ms | {least / mine:.2f} x |",
            flush=True,
        )
    return max(found.values()) <= _MOST * found[smallest]


def main() -> None:
    """Four rows; raises SystemExit where a bound is broken."""
    within = True
    for what, measure in (
        ("one more promotion after {:,}", _by_count),
        ("promotion in a repository of {:,} files", _by_size),
    ):
        with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
            within &= _show(what, asyncio.run(measure(Path(folder))))
    if not within:
        raise SystemExit(f"it grew to more than {_MOST:g} times the time of the smallest")


if __name__ == "__main__":
    main()
