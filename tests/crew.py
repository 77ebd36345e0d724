"""Crew: does by hand what the workflows do, on a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ferryman.domain.actor import Actor
from ferryman.domain.event import Decision
from ferryman.domain.freight import Freight
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.resource import Resource
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepStatus
from ferryman.storage.admissions import Entry
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.lanes import Decided
from ferryman.storage.resources import Applied, Declared
from ferryman.storage.steps import StepEnd, StepRecord
from ferryman.storage.store import Store
from tests.pipelines import NOW, PROJECT

ANN = Actor(name="ann")
DONE = StepEnd(StepStatus.SUCCEEDED)


@dataclass
class Crew:
    """Works on one store, in one Project."""

    store: Store
    now: datetime = NOW
    project: str = PROJECT

    def later(self, **by: float) -> datetime:
        """Let time pass; by a second if nothing else is said."""
        self.now += timedelta(**(by or {"seconds": 1}))
        return self.now

    async def declare(self, *resources: Resource, actor: Actor = ANN) -> Sequence[Applied]:
        """Apply."""
        declared = [Declared(r) for r in resources]
        return await self.store.resources.apply(declared, actor=actor, now=self.later())

    async def delete(self, kind: str, name: str) -> None:
        """Remove a resource."""
        project = "" if kind == "Project" else self.project
        await self.store.resources.delete(kind, project, name, actor=ANN, now=self.later())

    async def mint(self, *shipments: Freight) -> None:
        """Store Freight."""
        for shipment in shipments:
            await self.store.freight.mint(shipment, actor=ANN, now=self.later())

    async def approve(self, shipment: Freight, stage: str) -> None:
        """Let Freight into a Stage."""
        await self.store.freight.approve(
            self.project, shipment.name, stage, actor=ANN, comment="", now=self.later()
        )

    async def promote(self, stage: str, shipment: Freight | str, actor: Actor = ANN) -> str:
        """Create a Promotion by hand; gives its name."""
        freight = shipment if isinstance(shipment, str) else shipment.name
        made = await self.store.gates.promote(
            self.project, stage, freight=freight, actor=actor, now=self.later()
        )
        return made.name

    async def decide(self, stage: str) -> Decided:
        """The lane decides once."""
        return await self.store.lanes.decide(self.project, stage, now=self.later())

    async def admit(self, name: str) -> Entry:
        """A Promotion asks to go in; what must end at once is ended."""
        entry = await self.store.gates.admit(self.project, name, now=self.later())
        if entry.end:
            await self.settle(name, entry.end)
        return entry

    async def say(
        self,
        name: str,
        verdict: Literal["approve", "reject", "abort"] = "approve",
        *,
        by: str = "ann",
        proven: bool = True,
        comment: str = "",
    ) -> Decision:
        """Somebody decides about a Promotion."""
        return await self.store.gates.decide(
            self.project,
            name,
            verdict=verdict,
            actor=Actor(name=by, proven=proven),
            comment=comment,
            now=self.later(),
        )

    async def step(self, name: str, end: StepEnd = DONE, *, number: int = 1) -> None:
        """Run one step to its end."""
        await self.claim(name, number=number)
        await self.store.steps.end(self.key(name, number=number), end, now=self.later())

    async def claim(
        self, name: str, *, number: int = 1, attempt: int = 1, worker: str = "w1"
    ) -> dict[str, StepRecord]:
        """Make a step this attempt's own."""
        return await self.store.steps.claim(
            self.key(name, number=number, attempt=attempt),
            StepFacts(place=str(number), alias=f"step-{number}", uses="git-push"),
            worker=worker,
            now=self.later(),
        )

    def key(self, name: str, *, number: int = 1, attempt: int = 1) -> StepKey:
        """One attempt at one step."""
        return StepKey(self.project, name, 1, str(number), attempt)

    async def settle(self, name: str, end: tuple[Phase, str] | None = None) -> tuple[Phase, str]:
        """End a Promotion."""
        return await self.store.settlements.settle(self.project, name, now=self.later(), end=end)

    async def run(self, name: str, *ends: StepEnd) -> Phase:
        """Let a Promotion in and run its steps, which end as `ends` says (all well if nothing)."""
        entry = await self.admit(name)
        assert entry.state == "admitted", entry
        promotion = await self.promotion(name)
        ends = ends or (DONE,) * len(promotion.spec.steps)
        for number, end in enumerate(ends, start=1):
            await self.step(name, end, number=number)
        return (await self.settle(name))[0]

    async def carry(self, stage: str, shipment: Freight) -> str:
        """Promote by hand, through to what the lane makes of it."""
        name = await self.promote(stage, shipment)
        assert await self.run(name) is Phase.SUCCEEDED
        await self.decide(stage)
        return name

    async def stage(self, name: str) -> Stage:
        """A Stage as it is now."""
        return await self.store.resources.get(Stage, self.project, name)

    async def promotion(self, name: str) -> Promotion:
        """A Promotion as it is now."""
        return await self.store.promotions.get(self.project, name)

    async def freight(self, shipment: Freight) -> Freight:
        """Freight as it is now."""
        return await self.store.freight.get(self.project, shipment.name)

    async def events(self, **about: Any) -> list[str]:
        """What was told, as `reason: message`."""
        told = await self.store.events.list(self.project, **about)
        return [f"{e.reason}: {e.message}" for e in told]
