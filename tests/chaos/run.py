"""One run: bring everything up, measure in calm, let the storm loose, wait, and judge."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.conductor import Blow, Conductor
from tests.chaos.installation import WORKERS, Installation, installed
from tests.chaos.journal import Entry
from tests.chaos.load import Load
from tests.chaos.orders import Orders
from tests.chaos.outside import Outside, outside
from tests.chaos.pipelines import PROJECTS, SHAPES
from tests.chaos.plan import KILLS, WORKER, Moment, Planned, Way, planned
from tests.chaos.recovery import Recovered, recoveries
from tests.chaos.verdict import Verdict, judged

_STORM = 0.9
_PATIENCE = 300.0
"""Seconds after the last blow, in which everything has to come to its end."""
_TAKEN_OVER = 20.0
"""Seconds that a worker stays down in calm, so that the other one takes over."""
_CALM_PATIENCE = 30.0
_CALM: tuple[Way, ...] = ("kill", "kill, stays down")
_STEPS = ("git-clone", "yaml-update", "git-commit", "git-push")


@dataclass
class Outcome:
    """What came of a run."""

    orders: Orders
    seconds: float = 0.0
    calm: list[Blow] = field(default_factory=list)
    storm: list[Blow] = field(default_factory=list)
    calm_recoveries: list[Recovered] = field(default_factory=list)
    storm_recoveries: list[Recovered] = field(default_factory=list)
    starts: dict[str, list[float]] = field(default_factory=dict)
    """How many seconds the starts of each part took."""
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def kills(self) -> int:
        """How often something was killed with -9."""
        return sum(blow.way in KILLS for blow in (*self.calm, *self.storm))


async def run(orders: Orders, folder: Path) -> Outcome:
    """Do as ordered, with everything in `folder`."""
    began = time.monotonic()
    outcome = Outcome(orders)
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(outside(folder / "outside"))
        mirrors = {"docker.io": f"http://{world.registry.host}"}
        installation = await stack.enter_async_context(
            installed(folder / "inside", mirrors, postgres=orders.postgres)
        )
        one = _Run(orders, installation, world, Load(installation, world))
        stack.push_async_callback(one.load.close)
        await one.load.set_up()
        outcome.calm = await one.calm()
        outcome.storm = await one.storm(began)
        late = await one.calm_down()
        await installation.journal.catch_up()
        entries = installation.journal.entries
        outcome.calm_recoveries = list(recoveries(entries, outcome.calm))
        outcome.storm_recoveries = list(recoveries(entries, outcome.storm))
        outcome.starts = {part.name: part.starts for part in installation.parts.values()}
        outcome.verdict = judged(entries, [*outcome.calm, *outcome.storm], world)
        outcome.verdict.broken += late
    outcome.seconds = time.monotonic() - began
    return outcome


@dataclass(frozen=True)
class _Run:
    orders: Orders
    installation: Installation
    outside: Outside
    load: Load

    async def calm(self) -> list[Blow]:
        """Kill the worker of one Promotion after another, each way in turns."""
        dice = random.Random(self.orders.seed)  # noqa: S311 - to be repeated, not to be secret
        conductor = Conductor(self.installation, self.outside)
        for number in range(self.orders.calm * len(_CALM)):
            for worker in WORKERS:
                await self.installation.parts[worker].ready()
            await self._promote()  # both know the repository then, and nothing else is going on
            way = _CALM[number % len(_CALM)]
            moment = Moment(dice.choice(("a step began", "a step ended")), dice.choice(_STEPS))
            lasts = _TAKEN_OVER if "down" in way else 0.0
            blow = Planned(number, WORKER, way, moment, pause=0.0, lasts=lasts, draw=number)
            async with asyncio.TaskGroup() as both:
                both.create_task(conductor.strike(blow, patience=_CALM_PATIENCE))
                await asyncio.sleep(0)
                both.create_task(self._promote())
        await conductor.ended()
        return conductor.blows

    async def storm(self, began: float) -> list[Blow]:
        """Strike as planned, while everything is promoted."""
        orders = self.orders
        end = began + orders.minutes * 60
        seconds = max(end - time.monotonic(), 1.0) * _STORM
        kills = orders.kills - orders.calm * len(_CALM)
        plan = planned(orders.seed, kills=kills, seconds=seconds, postgres=orders.postgres)
        conductor = Conductor(self.installation, self.outside)
        playing = asyncio.create_task(conductor.play(plan, lambda: time.monotonic() < end))

        def wanted() -> bool:
            return not playing.done() or len(self.load.promoted) < orders.promotions

        with suppress(TimeoutError):  # what did not end is found afterwards
            async with asyncio.timeout(end + _PATIENCE - time.monotonic()):
                await self.load.run(wanted)
        await playing
        return conductor.blows

    async def calm_down(self) -> Sequence[str]:
        """Wait until all has ended; one sentence for what did not."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not self._all_done():  # noqa: ASYNC110 - other processes become so
                    await asyncio.sleep(0.5)
        except TimeoutError:
            return [f"not everything had ended {_PATIENCE:.0f} s after the last blow"]
        return []

    async def _promote(self) -> None:
        name = await self.load.promote(PROJECTS[0], SHAPES[0])
        await self.load.ended(PROJECTS[0], name)

    def _all_done(self) -> bool:
        return _all_ended(self.installation.journal.entries) and self._newest_is_out()

    def _newest_is_out(self) -> bool:
        """Has what the registry had last gone through both Stages that follow it?"""
        repository = self.outside.repositories["watched"]
        return not self.load.released or f"tag: {self.load.released}" in repository.show(
            "prod.yaml"
        )


def _all_ended(entries: Sequence[Entry]) -> bool:
    phases = {entry.of: entry.became for entry in entries if not entry.path}
    return not {"Pending", "Running"} & set(phases.values())
